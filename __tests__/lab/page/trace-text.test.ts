import { traceText } from "../../../lab/page/trace-text";
import type { ReceivedSpan } from "../../../lab/runtime/otlp-traces";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";

const ID = "1-6b017020-eadc7c6a7c89df278e817514";
const HEX = "6b017020eadc7c6a7c89df278e817514";

const document = (change: Partial<SegmentDocument>): SegmentDocument => ({
  id: "a",
  trace_id: ID,
  name: "route",
  start_time: 10,
  end_time: 10.05,
  ...change,
});

const span: ReceivedSpan = {
  traceId: HEX,
  spanId: "s",
  parentSpanId: "p",
  name: "stream",
  kind: 1,
  startedAt: 9000,
  endedAt: 9500,
  attributes: { session_id: "x" },
  events: [],
  status: { code: 2, message: "" },
  resource: {},
};

test("a trace is read top down by time, whichever side its parts came from", () => {
  const documents = [
    document({ annotations: { http_status: 200 }, subsegments: [document({ id: "b", name: "inner" })] }),
    document({ id: "c", parent_id: "b", name: "DynamoDB", aws: { operation: "Query" }, fault: true }),
    document({ id: "d", trace_id: "1-6b017020-000000000000000000000000", name: "other" }),
  ];
  const text = traceText(ID, documents, [span, { ...span, traceId: "0".repeat(32), name: "another" }]);
  expect(text.split("\n").map((line) => line.replace(/(\S) {2,}(\d)/, "$1 | $2"))).toEqual([
    `Trace ${ID}`,
    "",
    "✗ stream | 500.0 ms  session_id=x",
    "route | 50.0 ms  http_status=200",
    "  inner | 50.0 ms",
    "    ✗ DynamoDB Query | 50.0 ms",
    "",
  ]);
});

test("a trace nobody has sent anything of says so", () => {
  expect(traceText(ID, [], [])).toContain("nothing was sent of it");
});
