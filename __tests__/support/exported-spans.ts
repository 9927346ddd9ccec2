import { STREAM_ANNOTATIONS } from "../../contract/spans";
import type { ReceivedSpan } from "../../lab/runtime/otlp-traces";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";

/**
 * A span as the collector's X-Ray exporter would hand it on: a subsegment of what its parent names, the indexed
 * attributes among its annotations and the others among its metadata. Only a stand-in: VERIFY 6 asks the exporter
 * itself.
 */
export function exported(span: ReceivedSpan): SegmentDocument & { readonly type: "subsegment" } {
  const indexed = (key: string): boolean => Object.hasOwn(STREAM_ANNOTATIONS, key);
  const entries = Object.entries(span.attributes);
  const annotations: Record<string, string | number | boolean> = {};
  for (const [key, value] of entries)
    if (indexed(key) && value !== undefined && typeof value !== "object") annotations[key] = value;
  return {
    id: span.spanId,
    trace_id: `1-${span.traceId.slice(0, 8)}-${span.traceId.slice(8)}`,
    parent_id: span.parentSpanId,
    type: "subsegment",
    name: span.name,
    start_time: span.startedAt / 1000,
    end_time: span.endedAt / 1000,
    annotations,
    metadata: { default: Object.fromEntries(entries.filter(([key]) => !indexed(key))) },
  };
}
