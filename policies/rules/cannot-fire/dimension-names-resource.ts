import { isUnresolved, referencesIn, soleReference } from "../../terraform/expression";
import { ofType, type Resource, type TerraformModel } from "../../terraform/model";
import { at } from "../../terraform/targets";
import { type DimensionOwner, oneOf, ownerOf, ownersIn } from "../dimension-owners";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";

/** The default event bus, and names AWS gives to what nobody manages. */
const ALWAYS_THERE = new Set(["default", "ALL", "Default_Action"]);

const OTHER_ACCOUNT = "check the plan of that account, and acknowledge this with that reason";

function byExpression(terraform: TerraformModel, value: unknown, owner: DimensionOwner): Finding {
  const named = referencesIn(value)
    .map((address) => at(terraform, address))
    .filter((one) => one !== undefined && owner.types.includes(one.type));
  if (named.length === 0) return undefined;
  const sole = typeof value === "string" ? soleReference(value) : undefined;
  const right = sole === undefined || [owner.attribute, ...owner.synonyms].includes(sole.attribute);
  if (right) return GOOD;
  return bad(
    `the dimension is the ${sole.attribute} of ${sole.address}`,
    `its ${owner.attribute}, which is what CloudWatch calls the ${owner.noun}`,
    `use ${sole.address}.${owner.attribute}`,
  );
}

function elsewhere(alarm: Resource, named: readonly Resource[], what: string): Finding {
  const regions = new Set(named.map((one) => one.region));
  if (alarm.region === undefined || regions.has(undefined) || regions.has(alarm.region)) return GOOD;
  return bad(
    `it is made in ${alarm.region}, and ${what} is in ${[...regions].join(", ")}`,
    "an alarm in the region of what it watches",
    "give the alarm the provider of that region",
  );
}

function look(
  terraform: TerraformModel,
  alarm: Resource,
  owner: DimensionOwner,
  key: string,
  value: unknown,
): Finding {
  if (isUnresolved(value)) {
    return (
      byExpression(terraform, value, owner) ??
      unknown(`${key} is known only after apply, and the file does not say where it comes from`, AFTER_APPLY)
    );
  }
  const wanted = String(value);
  if (ALWAYS_THERE.has(wanted)) return undefined;
  const all = owner.types.flatMap((type) => ofType(terraform, type));
  const names = all.map((one) => one.values[owner.attribute]);
  const named = all.filter((_, i) => names[i] === wanted);
  if (named.length > 0) return elsewhere(alarm, named, `${owner.noun} ${wanted}`);
  if (all.length === 0) {
    return unknown(
      `${key}=${wanted} names ${oneOf(owner)}, and this file manages none`,
      `check the plan of the stack that owns the ${owner.noun}, and acknowledge this with that reason`,
    );
  }
  const known = names.filter((one): one is string => typeof one === "string" && !isUnresolved(one));
  if (known.length < all.length)
    return unknown(
      `the name of ${oneOf(owner)} is known only after apply; ${key}=${wanted} may be it`,
      AFTER_APPLY,
    );
  return bad(
    `${key}=${wanted}, and no ${owner.noun} of this file has that name`,
    `one of ${known.slice(0, 5).join(", ")}`,
    `refer to the resource instead of writing its name: ${all[0]?.address}.${owner.attribute}`,
  );
}

/** Dimensions known only after apply: what they are made from tells enough, if it is the right attribute. */
function hidden(terraform: TerraformModel, series: Series): Finding {
  const owners = ownersIn(series.namespace);
  if (series.dimensionsKnown || owners.length === 0) return undefined;
  const sources = series.dimensionSources.flatMap((one) => soleReference(one) ?? []);
  const right = sources.some(({ address, attribute }) => {
    const type = at(terraform, address)?.type ?? "";
    return owners.some(
      (one) => one.types.includes(type) && [one.attribute, ...one.synonyms].includes(attribute),
    );
  });
  if (right) return GOOD;
  const made = sources.map((one) => `${one.address}.${one.attribute}`).join(", ");
  return unknown(
    `the dimensions of ${series.name} are known only after apply${made === "" ? "" : `; they are made from ${made}`}`,
    AFTER_APPLY,
  );
}

/** Dimensions that name a resource name one that exists, in the alarm's own region. */
export const dimensionNamesResource: Rule = {
  id: "dimension-names-resource",
  group: "cannot-fire",
  severity: "error",
  statement: "Every dimension that names a function, queue, topic, table or API names one that exists.",
  why: "A renamed resource takes its metrics along; the alarm stays behind and never gets data again.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.flatMap((series) => {
          if (series.foreign) return [unknown(`${series.name} is read from another account`, OTHER_ACCOUNT)];
          return [
            hidden(terraform, series),
            ...Object.entries(series.dimensions).map(([key, value]) => {
              const owner = ownerOf(series.namespace, key, Object.keys(series.dimensions));
              return owner === undefined ? undefined : look(terraform, alarm.resource, owner, key, value);
            }),
          ];
        }),
      ),
    );
  },
};
