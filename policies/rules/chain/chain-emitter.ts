import { ofType, type TerraformModel } from "../../terraform/model";
import { alarmsIn, describeMetric, watchedBy } from "../alarms";
import type { Promises } from "../promises";
import { named, type Rule, type RuleInput, type Violation, violation } from "../rule";

const CUSTOM = /^(?!AWS\/)/;

function neverEmitted(
  promises: Promises,
  emissions: NonNullable<RuleInput["emissions"]>,
): readonly Violation[] {
  const metrics = promises.metrics
    .filter((metric) => !metric.recordedWithFailures)
    .flatMap((metric) =>
      metric.emitters
        .filter((emitter) => !emissions[emitter]?.metrics.includes(metric.name))
        .map((emitter) =>
          violation(named(emitter), {
            found: `the bundle never calls emit("${metric.name}")`,
            expected: `${emitter} emits ${metric.namespace} ${metric.name}, as contract/metrics.ts says`,
            nextStep: `emit it in the function, or take ${emitter} off the metric's emitters`,
          }),
        ),
    );
  const paths = promises.failurePaths
    .filter((path) => !emissions[path.emitter]?.failurePaths.includes(path.key))
    .map((path) =>
      violation(named(path.emitter), {
        found: `the bundle never records the silent failure "${path.key}"`,
        expected: `${path.emitter} guards it, as contract/failure-paths.ts says`,
        nextStep: "call silentFailures.guard or .record on that path",
      }),
    );
  return [...metrics, ...paths];
}

function neverPromised(
  promises: Promises,
  emissions: NonNullable<RuleInput["emissions"]>,
): readonly Violation[] {
  return Object.entries(emissions).flatMap(([emitter, emitted]) =>
    emitted.metrics
      .filter((name) => !promises.metrics.some((m) => m.name === name && m.emitters.includes(emitter)))
      .map((name) =>
        violation(named(emitter), {
          found: `the bundle emits "${name}"`,
          expected: `contract/metrics.ts lists ${emitter} among the emitters of ${name}`,
          nextStep: "add the emitter there, so that it is granted, alarmed and shown",
        }),
      ),
  );
}

/** Custom metrics that alarms watch and nothing produces: no emitter, no log filter, or other dimensions. */
function watchedInVain(terraform: TerraformModel, promises: Promises): readonly Violation[] {
  const filtered = ofType(terraform, "aws_cloudwatch_log_metric_filter").flatMap((filter) => {
    const transformation = filter.values["metric_transformation"];
    return JSON.stringify(transformation ?? "");
  });
  return alarmsIn(terraform).flatMap((alarm) =>
    watchedBy(alarm)
      .filter((metric) => CUSTOM.test(metric.namespace))
      .filter((metric) => {
        const keys = Object.keys(metric.dimensions).sort().join();
        const emitted = promises.metrics.some(
          (promised) =>
            promised.name === metric.name &&
            promised.namespace === metric.namespace &&
            promised.dimensionSets.some((set) => [...set].sort().join() === keys),
        );
        const fromLogs =
          keys === "" &&
          filtered.some((t) => t.includes(`"${metric.namespace}"`) && t.includes(`"${metric.name}"`));
        return !emitted && !fromLogs;
      })
      .map((metric) =>
        violation(alarm, {
          found: `it watches ${describeMetric(metric)}, which nothing emits with these dimensions`,
          expected:
            "a metric of contract/metrics.ts with one of its dimension sets, or one made by a log filter",
          nextStep: "correct the alarm, or emit the metric",
        }),
      ),
  );
}

/** First link: every promised metric is emitted, every emission promised, every watched metric produced. */
export const chainEmitter: Rule = {
  id: "chain-emitter",
  group: "chain",
  severity: "error",
  statement:
    "Every metric is emitted by the functions that promise it, and every alarm's metric has an emitter.",
  why: "An alarm on a metric nobody emits rests in OK or INSUFFICIENT_DATA for ever.",
  judge({ terraform, promises, emissions }) {
    if (promises === undefined || emissions === undefined) return [];
    return [
      ...neverEmitted(promises, emissions),
      ...neverPromised(promises, emissions),
      ...watchedInVain(terraform, promises),
    ];
  },
};
