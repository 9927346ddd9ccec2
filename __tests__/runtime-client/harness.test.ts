import { RuntimeClient, type RuntimeClientOptions } from "../../lab/runtime/runtime-client";
import { describeWith } from "../support/tools";

const STREAM = (body: string) =>
  `export const handler = awslambda.streamifyResponse(async (event, stream) => { ${body} });`;

describeWith(["runtimeClient"], "The Runtime API stand-in", () => {
  async function started(code: string, options: Partial<RuntimeClientOptions> = {}): Promise<RuntimeClient> {
    return RuntimeClient.start({
      version: "3",
      code,
      functionName: "dev-probe",
      timeoutSeconds: 10,
      memoryMb: 128,
      variables: {},
      ...options,
    });
  }

  test("a caller that stalls holds back a function that heeds back-pressure, until the deadline", async () => {
    const client = await started(
      STREAM(
        `for (;;) if (!stream.write("x".repeat(65536))) await new Promise((go) => stream.once("drain", go));`,
      ),
    );
    const invocation = await client
      .invoke({}, { remainingMs: 1500, caller: { kind: "stalls", afterBytes: 100_000 } })
      .finally(() => client.stop());
    expect(invocation.end).toBe("timed-out");
    expect(invocation.body.reduce((total, { bytes }) => total + bytes.length, 0)).toBeLessThan(20_000_000);
    expect(invocation.completedAt).toBeUndefined();
  });

  test("a caller that vanishes ends the process; the next invocation starts a new one", async () => {
    const client = await started(
      STREAM(`for (let i = 0; i < event.writes; i += 1) {
        stream.write("x".repeat(1000)); await new Promise((go) => setTimeout(go, 10)); } stream.end();`),
    );
    try {
      const caller = { kind: "vanishes", afterBytes: 5000 } as const;
      const cut = await client.invoke({ writes: 100 }, { caller });
      expect(cut.end).toBe("vanished");
      expect(cut.completedAt).toBeUndefined();
      expect(await client.invoke({ writes: 1 })).toMatchObject({ end: "streamed" });
    } finally {
      await client.stop();
    }
  });

  test("a module that does not load is reported with its reason", async () => {
    await expect(started(`throw new Error("no table")`)).rejects.toThrow("no table");
  });

  test("a handler that answers at once, fails, or ends its process", async () => {
    const client = await started(`export const handler = async (event) => {
      if (event.exit) process.exit(3);
      if (event.fail) throw new RangeError("too much");
      return { answer: 42 };
    };`);
    try {
      const answered = await client.invoke({});
      expect(answered.end).toBe("buffered");
      expect(Buffer.concat(answered.body.map(({ bytes }) => bytes)).toString()).toBe('{"answer":42}');
      const failed = await client.invoke({ fail: true });
      expect(failed).toMatchObject({
        end: "failed",
        error: { errorType: "RangeError", errorMessage: "too much" },
      });
      expect((await client.invoke({ exit: true })).end).toBe("exited");
    } finally {
      await client.stop();
    }
  });
});
