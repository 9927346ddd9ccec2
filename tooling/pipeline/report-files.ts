import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { PlannedResources } from "./planned-resources";

const RESOURCES = v.record(v.string(), v.record(v.string(), v.string()));

const CHECK = v.object({
  rules: v.array(
    v.object({
      id: v.string(),
      severity: v.string(),
      findings: v.array(
        v.object({
          outcome: v.string(),
          address: v.string(),
          found: v.string(),
          acknowledged: v.optional(v.string()),
        }),
      ),
    }),
  ),
});

const REHEARSE = v.object({
  sums: v.object({
    fire: v.number(),
    cannot: v.number(),
    unknown: v.number(),
    detected: v.number(),
    undetected: v.number(),
    quiet: v.number(),
    paged: v.number(),
    undecided: v.number(),
  }),
  alarms: v.array(v.object({ name: v.string(), kind: v.string() })),
  scenarios: v.array(v.object({ id: v.string(), result: v.string() })),
});

const COST = v.object({
  netUsd: v.number(),
  lines: v.array(v.object({ item: v.string(), service: v.string(), netUsd: v.number() })),
});

/** What the reports of one environment say; a report that was not written is `undefined`. */
export interface Reports {
  readonly resources: PlannedResources | undefined;
  readonly check: v.InferOutput<typeof CHECK> | undefined;
  readonly rehearse: v.InferOutput<typeof REHEARSE> | undefined;
  readonly cost: v.InferOutput<typeof COST> | undefined;
}

/** A report that cannot be used; the message names the file and what is wrong with it. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}

function read<T>(file: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  // A judgement that could not even start writes nothing.
  if (text.trim() === "") return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ReportError(`${file}: found text that is not JSON; expected what npm run reports writes.`);
  }
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ReportError(
    `${file}: ${v.getDotPath(issue) ?? "."}: found ${issue.received}; expected ${issue.expected ?? issue.message}.`,
  );
}

/**
 * Reads the reports of one environment.
 *
 * @param folder as `npm run reports` writes it
 * @throws ReportError on a file that is no such report
 */
export function readReports(folder: string): Reports {
  return {
    resources: read(join(folder, "resources.json"), RESOURCES),
    check: read(join(folder, "check.json"), CHECK),
    rehearse: read(join(folder, "rehearse.json"), REHEARSE),
    cost: read(join(folder, "cost.json"), COST),
  };
}
