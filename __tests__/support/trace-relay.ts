import { randomBytes } from "node:crypto";
import { apiTraceName } from "../../contract/api";
import { functionName } from "../../contract/services";
import type { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import type { ReceivedSpan } from "../../lab/runtime/otlp-traces";
import type { RestGateway } from "../../lab/runtime/rest-gateway";
import type { SegmentDocument, XRayDaemon } from "../../lab/runtime/xray-daemon";
import type { XRayService } from "../../lab/runtime/xray-service";

const STEP_MS = 100;

function ofSpan({ traceId, spanId, parentSpanId, name, startedAt, endedAt }: ReceivedSpan): SegmentDocument {
  return {
    id: spanId,
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    parent_id: parentSpanId,
    name,
    start_time: startedAt / 1000,
    end_time: endedAt / 1000,
  };
}

/** Segments AWS itself writes for a request: the gateway's and the function's. */
function ofGateway({ records }: RestGateway): readonly SegmentDocument[] {
  const now = Date.now() / 1000;
  return records.flatMap(({ trace }) => {
    const own = { trace_id: trace.root, start_time: now, end_time: now };
    const function_ = { ...own, id: trace.parent, name: functionName("dev", "dashboard") };
    return [function_, { ...own, id: randomBytes(8).toString("hex"), name: apiTraceName("dev") }];
  });
}

/** Brings what functions, gateway and stream have sent to the lab's X-Ray, as daemon and collector would. */
export class TraceRelay {
  readonly #timer: NodeJS.Timeout;

  constructor(
    to: XRayService,
    from: { readonly daemon: XRayDaemon; readonly gateway: RestGateway; readonly collector: OtlpReceiver },
  ) {
    this.#timer = setInterval(async () => {
      to.receive([
        ...(await from.daemon.settled()),
        ...ofGateway(from.gateway),
        ...from.collector.spans.map(ofSpan),
      ]);
    }, STEP_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
