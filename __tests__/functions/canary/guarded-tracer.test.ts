import { SERVICES } from "../../../contract/services";
import type { FunctionHost } from "../../../lab/runtime/function-host";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { jsonLines, onlySegment } from "../../support/observed";
import { INGESTION_VARIABLES, startProbe } from "../../support/probe";

const PROBE = `
import { Logger } from "./logger";
import { GuardedTracer } from "../canary/guarded-tracer";
const logger = new Logger({ environment: "dev", variables: { POWERTOOLS_SERVICE_NAME: "sentiment-analyzer-canary" } }, () => undefined);
const tracer = new GuardedTracer([]);
const hanging = new GuardedTracer([], () => new Promise(() => {}));
export const handler = async ({ set, hang, fail }) => {
  if (set !== undefined) process.env.AWS_EXECUTION_ENV = set;
  if (hang) return hanging.start(logger);
  const started = await tracer.start(logger);
  await tracer.traced("handle_event", async () => {
    tracer.annotate("synthetic", true);
    if (fail) throw new RangeError("after the start nothing is guarded");
  });
  return started;
};
`;

describe("CAN-9 the guarded tracer, bundled as the canary is", () => {
  let daemon: XRayDaemon;
  let host: FunctionHost;

  beforeAll(async () => {
    daemon = await XRayDaemon.start();
    host = await startProbe(PROBE, {
      xrayDaemon: daemon.address,
      without: ["AWS_EXECUTION_ENV"],
      variables: { ...INGESTION_VARIABLES, POWERTOOLS_SERVICE_NAME: SERVICES.canary.serviceName },
    });
  });

  afterAll(async () => {
    await host?.stop();
    await daemon?.stop();
  });

  test("CAN-9 SC-095 SC-101 TRC-7 it outlives the failure that stops every other function, and recovers when warm", async () => {
    const first = await host.invoke({});
    expect(first.result).toBe(false);
    expect(jsonLines(first.lines)).toEqual([
      expect.objectContaining({
        canary_init_failed: true,
        component: "tracer",
        error: expect.stringMatching(/^Error: Tracing cannot start: AWS_EXECUTION_ENV is not set/),
      }),
    ]);
    const second = await host.invoke({});
    expect(second.result).toBe(false);
    expect(jsonLines(second.lines)).toContainEqual(expect.objectContaining({ canary_reinit_attempt: 1 }));
    expect(await daemon.settled()).toEqual([]);
    const third = await host.invoke({ set: "AWS_Lambda_nodejs22.x" });
    expect(third.result).toBe(true);
    expect(jsonLines(third.lines)).toContainEqual(expect.objectContaining({ canary_reinit_attempt: 2 }));
    expect(onlySegment(await daemon.settled(), "handle_event").annotations).toEqual({ synthetic: true });
    expect((await host.invoke({})).lines).toEqual([]);
  });

  test("CAN-9 only the start is guarded", async () => {
    const { error } = await host.invoke({ set: "AWS_Lambda_nodejs22.x", fail: true });
    expect(error?.name).toBe("RangeError");
  });

  test("CAN-9 SC-096 a start that hangs is given up after two seconds", async () => {
    const { result, lines } = await host.invoke({ hang: true });
    expect(result).toBe(false);
    expect(lines.join("\n")).toContain("did not start within 2000 ms");
  });

  test("CAN-9 even an SDK that does not load leaves the function running", async () => {
    const broken = await startProbe(PROBE, {
      xrayDaemon: "nonsense",
      variables: { ...INGESTION_VARIABLES, POWERTOOLS_SERVICE_NAME: SERVICES.canary.serviceName },
    });
    try {
      const { result, lines } = await broken.invoke({});
      expect(result).toBe(false);
      expect(lines.join("\n")).toContain('"canary_init_failed":true');
    } finally {
      await broken.stop();
    }
  });
});
