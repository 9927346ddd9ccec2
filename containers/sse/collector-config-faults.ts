import { parse } from "yaml";
import { collectorConfigData } from "./collector-config";

const STARTS_NOT = "the Lambda build of the collector has no processors and would not start (R-01)";

/** Why a place is the way it is; the last part of the path that has an entry speaks. */
const REASONS: Readonly<Record<string, string>> = {
  processors: STARTS_NOT,
  grpc: "the function sends OTLP over HTTP only (SSE-A3)",
  endpoint: "the function's exporter sends there (SSE-A3)",
  index_all_attributes: "X-Ray indexes at most 50 annotations a trace; list the contract's keys (R-28)",
  indexed_attributes:
    "what is not listed can never be found in X-Ray; keys come from contract/spans.ts (R-28)",
  extensions: "health check and zpages are not in this collector's job (SSE-A3)",
  metrics: "only traces go through the collector (SSE-A3)",
};

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(path: readonly string[], found: unknown, expected: unknown): string {
  const told = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
  const reason = path.map((key) => REASONS[key]).findLast((one) => one !== undefined);
  const why = reason === undefined ? "" : ` Reason: ${reason}.`;
  const place = path.length === 0 ? "the collector's configuration" : path.join(".");
  return `${place}: found ${told(found)}; expected ${told(expected)}.${why} Next step: generate the file with collectorConfig().`;
}

function differences(path: readonly string[], found: unknown, expected: unknown): readonly string[] {
  if (isMap(found) && isMap(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    return keys.flatMap((key) => differences([...path, key], found[key], expected[key]));
  }
  return JSON.stringify(found) === JSON.stringify(expected) ? [] : [fault(path, found, expected)];
}

/**
 * What is wrong with a collector configuration: every difference from the contract's, each with place and reason.
 *
 * @param text YAML
 */
export function collectorConfigFaults(text: string): readonly string[] {
  let found: unknown;
  try {
    found = parse(text);
  } catch (error) {
    const words = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return [
      `the collector's configuration: found no YAML (${words}); expected a map. Next step: generate the file with collectorConfig().`,
    ];
  }
  return differences([], found, collectorConfigData());
}
