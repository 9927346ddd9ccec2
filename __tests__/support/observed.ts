import type { AwsCall } from "../../lab/runtime/aws-gateway";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";

/** A datum as CloudWatch received it. */
export interface Datum {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface WireDatum {
  readonly MetricName: string;
  readonly Value: number;
  readonly Unit: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

/** The data of each `PutMetricData` call, in order. */
export function batches(calls: readonly AwsCall[]): readonly (readonly Datum[])[] {
  return calls
    .filter(({ operation }) => operation === "PutMetricData")
    .map(({ input }) =>
      (input["MetricData"] as readonly WireDatum[]).map((datum) => ({
        name: datum.MetricName,
        value: datum.Value,
        unit: datum.Unit,
        dimensions: Object.fromEntries((datum.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
      })),
    );
}

/** All values of one series, over all calls. */
export function valuesOf(
  calls: readonly AwsCall[],
  name: string,
  dimensions: Readonly<Record<string, string>> = { Environment: "dev" },
): readonly number[] {
  const wanted = JSON.stringify(Object.entries(dimensions).sort());
  return batches(calls)
    .flat()
    .filter((datum) => datum.name === name)
    .filter((datum) => JSON.stringify(Object.entries(datum.dimensions).sort()) === wanted)
    .map((datum) => datum.value);
}

/** The only document of that name; fails when there is none or more than one. */
export function onlySegment(documents: readonly SegmentDocument[], name: string): SegmentDocument {
  const found = documents.filter((document) => document.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const names = documents.map((document) => document.name).join(", ");
    throw new Error(`${found.length} documents named ${name}, expected 1; all: ${names}`);
  }
  return first;
}

/** Documents whose parent is neither another document nor one of the given ids. */
export function orphans(
  documents: readonly SegmentDocument[],
  roots: readonly string[],
): readonly SegmentDocument[] {
  const known = new Set([...roots, ...documents.map(({ id }) => id)]);
  return documents.filter(({ parent_id }) => parent_id === undefined || !known.has(parent_id));
}

/** Names from a document up to the invocation, nearest first. */
export function ancestors(document: SegmentDocument, documents: readonly SegmentDocument[]): string[] {
  const parent = documents.find(({ id }) => id === document.parent_id);
  return parent === undefined ? [] : [parent.name, ...ancestors(parent, documents)];
}

/** JSON log lines among what a function printed. */
export function jsonLines(lines: readonly string[]): readonly Record<string, unknown>[] {
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
