import { existsSync } from "node:fs";
import { invokeAsync } from "../../lab/runtime/async-invoke";
import type { FunctionHost } from "../../lab/runtime/function-host";
import { startProbe } from "../support/probe";

const PROBE = `
let calls = 0;
const steps = {
  echo: (event, context) => ({ event, remaining: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID ?? null }),
  where: () => process.env.LAMBDA_TASK_ROOT,
  hang: () => new Promise(() => setInterval(() => {}, 1000)),
  exit: () => process.exit(3),
  speak: () => { process.stdout.write("one\\n"); process.stderr.write("two\\n"); },
  thirdTime: () => { calls += 1; if (calls < 3) throw new TypeError("attempt " + calls); return calls; },
  never: () => { throw new TypeError("never works"); },
};
export const handler = async (event, context) => steps[event.step](event, context);
`;

describe("FunctionHost", () => {
  let host: FunctionHost;

  beforeEach(async () => {
    host = await startProbe(PROBE, { xrayDaemon: "127.0.0.1:9" });
  });

  afterEach(async () => {
    await host.stop();
  });

  test("gives event, time and trace header as Lambda does", async () => {
    const traceHeader = "Root=1-6561a2b3-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1";
    const { result } = await host.invoke({ step: "echo" }, { traceHeader, remainingMs: 7000 });
    expect(result).toEqual({ event: { step: "echo" }, remaining: expect.any(Number), trace: traceHeader });
    expect((result as { remaining: number }).remaining).toBeGreaterThan(6000);
    expect((await host.invoke({ step: "echo" }, { traceHeader: null })).result).toMatchObject({
      trace: null,
    });
  });

  test("ends a function at its deadline, and the next invocation starts cold", async () => {
    const { error } = await host.invoke({ step: "hang" }, { remainingMs: 200 });
    expect(error).toEqual({ name: "Sandbox.Timedout", message: "Task timed out after 0.2 seconds" });
    expect((await host.invoke({ step: "echo" })).error).toBeUndefined();
  });

  test("reports a process that ends itself", async () => {
    const { error } = await host.invoke({ step: "exit" });
    expect(error).toEqual({ name: "Runtime.ExitError", message: "the process ended with code 3" });
  });

  test("collects what the function prints", async () => {
    expect([...(await host.invoke({ step: "speak" })).lines].sort()).toEqual(["one", "two"]);
  });

  test("a module that does not load is an error with its output", async () => {
    const start = startProbe('throw new Error("bad configuration");', { xrayDaemon: "127.0.0.1:9" });
    await expect(start).rejects.toThrow(/did not start:[\s\S]*bad configuration/);
  });

  test("leaves nothing behind", async () => {
    const { result } = await host.invoke({ step: "where" });
    expect(existsSync(String(result))).toBe(true);
    await host.stop();
    expect(existsSync(String(result))).toBe(false);
  });

  test("asynchronous invocations are tried three times in all", async () => {
    const { attempts, deadLetter } = await invokeAsync(host, { step: "thirdTime" });
    expect(attempts.map(({ error, result }) => error?.message ?? result)).toEqual([
      "attempt 1",
      "attempt 2",
      3,
    ]);
    expect(deadLetter).toBeUndefined();
  });

  test("an asynchronous invocation that never works becomes a dead letter with the event and the reason", async () => {
    const { attempts, deadLetter } = await invokeAsync(host, { step: "never", keep: ["this"] });
    expect(deadLetter).toEqual({
      body: JSON.stringify({ step: "never", keep: ["this"] }),
      attributes: { RequestID: attempts[2]?.requestId, ErrorCode: "200", ErrorMessage: "never works" },
    });
  });
});
