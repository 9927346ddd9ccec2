import { bareTraceId } from "./trace-header";

/** The bare trace id in an event's data; undefined when the data is not JSON or tells none. */
export function traceOfEvent(data: string): string | undefined {
  try {
    return bareTraceId(JSON.parse(data).trace_id);
  } catch {
    return undefined;
  }
}
