import type { Emissions } from "../policies/rules/promises";

const METRIC_CALL = /\.emit\(\s*["'`]([^"'`]+)["'`]/g;
const FAILURE_CALL = /\.(?:record|guard)\(\s*["'`]([^"'`]+)["'`]/g;

function literals(code: string, call: RegExp): readonly string[] {
  const names = [...code.matchAll(call)].map((match) => match[1]).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}

/**
 * Reads from finished JavaScript which metrics and failure paths it emits. The shipped bundle is read, not the
 * sources, so an emission that was deleted or became unreachable and was shaken off counts as missing.
 *
 * @param code a bundle; minifying keeps the property names `emit`, `record` and `guard` and their literal argument
 */
export function emissionsIn(code: string): Emissions {
  return { metrics: literals(code, METRIC_CALL), failurePaths: literals(code, FAILURE_CALL) };
}
