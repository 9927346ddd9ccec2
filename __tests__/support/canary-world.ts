import { randomBytes } from "node:crypto";
import { API, apiTraceName } from "../../contract/api";
import { functionName } from "../../contract/services";
import { STREAM_SPANS } from "../../contract/spans";
import { STREAM_ROUTES } from "../../contract/streaming";
import { gatewayTrace } from "../../lab/runtime/gateway-trace";
import { LoopbackServer } from "../../lab/runtime/loopback-server";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import type { XRayService } from "../../lab/runtime/xray-service";

/** A part of a trace that can be left out. */
export type TracePart = "gateway" | "function" | "DynamoDB" | "connection_release";

/** Stands in for API and stream: answers the canary's requests and sends X-Ray what would come of them. */
export class CanaryWorld {
  readonly #server: LoopbackServer;
  /** Parts of traces that are not sent. */
  lacking: readonly TracePart[] = [];
  /** Status of every answer. */
  status = 200;
  /** Paths and queries asked for. */
  asked: string[] = [];

  private constructor(xray: XRayService, now: () => number) {
    this.#server = new LoopbackServer((incoming, outgoing) => {
      const target = incoming.url ?? "";
      this.asked.push(target);
      const { root } = gatewayTrace(String(incoming.headers["x-amzn-trace-id"]));
      const ofStream = target.startsWith(STREAM_ROUTES.global);
      xray.receive(this.#documents(root, ofStream, now() / 1000));
      outgoing.writeHead(this.status, { "x-amzn-trace-id": `Root=${root}` }).end("{}");
    });
  }

  static async start(xray: XRayService, now: () => number): Promise<CanaryWorld> {
    const world = new CanaryWorld(xray, now);
    await world.#server.listen();
    return world;
  }

  get apiUrl(): string {
    return `${this.#server.url}/${API.stage}`;
  }

  get streamUrl(): string {
    return `${this.#server.url}/`;
  }

  reset(): void {
    this.lacking = [];
    this.status = 200;
    this.asked = [];
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  #documents(trace_id: string, ofStream: boolean, start_time: number): readonly SegmentDocument[] {
    const document = (name: string, rest: Partial<SegmentDocument> = {}): SegmentDocument => {
      return {
        id: randomBytes(8).toString("hex"),
        trace_id,
        name,
        start_time,
        end_time: start_time,
        ...rest,
      };
    };
    const stream = [document(STREAM_SPANS.acquire), document(STREAM_SPANS.release)];
    const table = document("DynamoDB", { namespace: "aws" });
    const request = [
      document(apiTraceName("dev")),
      document(functionName("dev", "dashboard"), {
        subsegments: [document("handle_route", { subsegments: [table] })],
      }),
    ];
    const named: Readonly<Record<string, TracePart>> = {
      [apiTraceName("dev")]: "gateway",
      [functionName("dev", "dashboard")]: "function",
      DynamoDB: "DynamoDB",
      [STREAM_SPANS.release]: "connection_release",
    };
    const kept = ({ name }: SegmentDocument) => {
      const part = named[name];
      return part === undefined || !this.lacking.includes(part);
    };
    const pruned = (one: SegmentDocument): SegmentDocument => ({
      ...one,
      subsegments: (one.subsegments ?? []).filter(kept).map(pruned),
    });
    return (ofStream ? stream : request).filter(kept).map(pruned);
  }
}
