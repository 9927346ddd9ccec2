import { createHash } from "node:crypto";
import { isObject } from "../../policies/terraform/model";

/** A planned resource without its values, which may be secret: a digest of each attribute. */
export type ResourceDigests = Readonly<Record<string, string>>;

/** Planned resources by Terraform address. */
export type PlannedResources = Readonly<Record<string, ResourceDigests>>;

const DIGEST_LENGTH = 16;

function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, DIGEST_LENGTH);
}

/**
 * What a plan would make, by address.
 *
 * @param plan parsed output of `terraform show -json`
 */
export function plannedResources(plan: unknown): PlannedResources {
  const changes = isObject(plan) && Array.isArray(plan["resource_changes"]) ? plan["resource_changes"] : [];
  const planned = changes.filter(isObject).flatMap((change): [string, ResourceDigests][] => {
    const after = isObject(change["change"]) ? change["change"]["after"] : undefined;
    if (!isObject(after)) return [];
    const digests = Object.entries(after).map(([name, value]) => [name, digestOf(value)]);
    return [[String(change["address"]), Object.fromEntries(digests)]];
  });
  return Object.fromEntries(planned.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs between two plans. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Addresses with the attributes that differ. */
  readonly changed: readonly { readonly address: string; readonly attributes: readonly string[] }[];
}

/** Compares what two versions of a project would make. */
export function differenceOf(base: PlannedResources, head: PlannedResources): Difference {
  const changed = Object.entries(head).flatMap(([address, after]) => {
    const before = base[address];
    if (before === undefined) return [];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const attributes = names.filter((name) => before[name] !== after[name]);
    return attributes.length === 0 ? [] : [{ address, attributes }];
  });
  return {
    added: Object.keys(head).filter((address) => !(address in base)),
    removed: Object.keys(base).filter((address) => !(address in head)),
    changed,
  };
}
