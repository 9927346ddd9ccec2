import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filterOf } from "../../../doctor/traces/query";
import { checkKept, rangeOf } from "../../../doctor/traces/range";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { XRayService } from "../../../lab/runtime/xray-service";
import { tracewrightInside } from "../../support/cli-inside";
import { rawTrace, segmentDocument, traceId } from "../../support/traces";

const HOUR = 3_600_000;

test.each([
  [{ expression: "responseTime>2" }, "responsetime > 2"],
  [{ service: "shop" }, 'service("shop")'],
  [{ fault: true }, "service() { fault }"],
  [{ service: "shop", fault: true, slower: 2.5 }, 'service("shop") { fault } AND responsetime >= 2.5'],
  [
    { annotation: ["tier=gold", "items=3", "synthetic=false", "seen", "a.b=x=y"] },
    'annotation.tier = "gold" AND annotation.items = 3 AND annotation.synthetic = false AND annotation.seen AND annotation[a.b] = "x=y"',
  ],
  [{ expression: "ok OR fault", service: "shop" }, '(ok OR fault) AND service("shop")'],
  [{}, undefined],
])("DOC-4 options %j become %s", (wishes, filter) => {
  expect(filterOf(wishes)).toBe(filter);
});

test("DOC-4 options cannot smuggle an expression in", () => {
  expect(() => filterOf({ service: 'a") OR service("b' })).toThrow("quotes or control characters");
  expect(() => filterOf({ annotation: ['k="x" OR fault'] })).toThrow("quotes or control characters");
  expect(() => filterOf({ annotation: ["a b=1"] })).toThrow("KEY or KEY=VALUE");
});

describe("a range", () => {
  const now = Date.UTC(2026, 10, 21, 12);
  test("can be said as time ago or as a time", () => {
    expect(rangeOf("2h", undefined, now)).toEqual({ fromMs: now - 2 * HOUR, toMs: now });
    expect(rangeOf("3d", "90m", now)).toEqual({ fromMs: now - 72 * HOUR, toMs: now - 1.5 * HOUR });
    const day = rangeOf("2026-11-20", "2026-11-20T12:00:00+02:00", now);
    expect(day).toEqual({ fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2026, 10, 20, 10) });
  });
  test.each([
    ["soon", undefined, "--since"],
    ["-2h", undefined, "--since"],
    ["2026-13-01", undefined, "--since"],
    ["2h", "\u001b[31m", "--until"],
    ["1h", "2h", "an end after the beginning"],
  ])("is refused when it is %j to %j", (since, until, words) => {
    expect(() => rangeOf(since, until, now)).toThrow(words);
  });
  test.each([
    ["60d", "31d", "look in an archive with --recorded"],
    ["31d", "1h", "2026-10-22T12:00:00.000Z. Next step: --since 30d"],
  ])("is refused when X-Ray has forgotten it, or a part of it, %j to %j", (since, until, words) => {
    expect(() => checkKept(rangeOf(since, until, now), now)).toThrow(words);
    expect(() => checkKept(rangeOf("30d", until === "31d" ? undefined : until, now), now)).not.toThrow();
  });
});

describe("tracewright traces", () => {
  const start = Math.floor(Date.now() / 1000) - 600;
  const service = new XRayService();
  const before = { ...process.env };
  let gateway: AwsGateway;

  beforeAll(async () => {
    gateway = await AwsGateway.start("http://127.0.0.1:9");
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: "lab",
      AWS_SECRET_ACCESS_KEY: "lab",
      AWS_REGION: "eu-west-1",
    });
  });
  beforeEach(() => {
    service.reset();
    gateway.reset();
    gateway.answerWith(service.answers);
  });
  afterAll(async () => {
    process.env = before;
    await gateway.stop();
  });

  const traces = (...args: readonly string[]) => tracewrightInside(["traces", ...args]);

  test("DOC-4 a query finds traces over windows and shows them in a table", async () => {
    service.receive([
      segmentDocument(1, start, { fault: true, annotations: { tier: "gold" } }),
      segmentDocument(2, start + 1, { annotations: { tier: "blue" } }),
    ]);
    const { code, stdout, stderr } = await traces("query", 'annotation.tier = "gold"', "--since", "13h");
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(stdout).toMatch(new RegExp(`fault +shop +${traceId(1, start)}`));
    expect(stderr.match(/searching X-Ray/g)).toHaveLength(3);
    expect(stderr).toContain("1 trace between");
    const json = await traces("query", "--annotation", "tier=gold", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      filter: 'annotation.tier = "gold"',
      more: false,
      traces: [{ id: traceId(1, start), fault: true }],
    });
  });

  test("DOC-4 the limit is kept, the newest are shown in whatever order they come, and that there is more is said", async () => {
    const numbers = Array.from({ length: 9 }, (_, index) => index + 1);
    for (const order of [numbers, [...numbers].reverse()]) {
      service.reset();
      service.receive(order.map((number) => segmentDocument(number, start + number)));
      service.behave({ pageSize: 2 });
      const { stdout, stderr } = await traces("query", "--limit", "2", "--json");
      expect(JSON.parse(stdout)).toMatchObject({
        more: true,
        traces: [{ id: traceId(9, start + 9) }, { id: traceId(8, start + 8) }],
      });
      expect(stderr).toContain("there are more");
    }
    const whole = await traces("query", "--limit", "9");
    expect(whole.stdout.trimEnd().split("\n")).toHaveLength(10);
    expect(whole.stderr).not.toContain("there are more");
    expect(await traces("query", "--limit", "0")).toMatchObject({ code: 2 });
  });

  test("an empty answer says whether anything was traced at all", async () => {
    const none = await traces("query", "fault");
    expect(none).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("tracewright doctor"),
    });
    service.receive([segmentDocument(1, start)]);
    const others = await traces("query", "fault");
    expect(others).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("matches fault, though others began"),
    });
  });

  test("E3 an expression with an error is pointed at and never sent", async () => {
    const { code, stderr } = await traces("query", 'service("a") fualt');
    expect(code).toBe(2);
    expect(stderr).toContain('column 14: found "fualt"');
    expect(gateway.calls).toEqual([]);
  });

  test("a request's query, which may hold a secret, is not shown", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "tracewright-traces-")), "recorded.json");
    const http = { request: { url: "https://shop.example.com/cart?token=s3cret#x", method: "GET" } };
    const document = segmentDocument(1, start, { http });
    writeFileSync(file, JSON.stringify({ Traces: [rawTrace(traceId(1, start), [document])] }));
    const { code, stdout, stderr } = await tracewrightInside(["traces", "query", "--recorded", file], 300);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "1 trace in the recording\n" });
    expect(stdout).toContain("GET https://shop.example.com/cart ");
    expect(stdout).not.toContain("s3cret");
    expect((await traces("query", "--recorded", file, "--region", "eu-west-1")).code).toBe(2);
  });

  test("time X-Ray has forgotten is refused, of a recording it is not", async () => {
    expect(await traces("query", "--since", "31d")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("X-Ray has forgotten"),
    });
    expect(gateway.calls).toEqual([]);
    const old = start - 40 * 86_400;
    const file = join(mkdtempSync(join(tmpdir(), "tracewright-traces-")), "old.json");
    writeFileSync(file, JSON.stringify({ Traces: [rawTrace(traceId(1, old), [segmentDocument(1, old)])] }));
    const found = await tracewrightInside([
      "traces",
      "query",
      "--recorded",
      file,
      "--since",
      "41d",
      "--until",
      "39d",
    ]);
    expect(found).toMatchObject({ code: 0, stderr: expect.stringContaining("1 trace between") });
  });

  test("what steers a terminal is escaped in JSON, and no value changes", async () => {
    const evil = "a\u009b31m\u202eb";
    service.receive([segmentDocument(1, start, { name: evil, user: evil })]);
    for (const args of [["show", traceId(1, start)], ["query"]]) {
      const { stdout } = await traces(...args, "--json");
      expect(stdout).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
      expect(JSON.stringify(JSON.parse(stdout))).toContain(evil);
    }
  });

  test("a trace is drawn from its id or from a header that holds it", async () => {
    service.receive([
      segmentDocument(1, start, {
        fault: true,
        cause: { exceptions: [{ type: "Denied", message: "not allowed" }] },
        subsegments: [
          segmentDocument(2, start, { name: "DynamoDB", namespace: "aws", aws: { operation: "PutItem" } }),
        ],
      }),
    ]);
    const id = traceId(1, start);
    const { code, stdout } = await traces("show", id, "--mark", "fault");
    expect(code).toBe(0);
    expect(stdout).toMatch(/► shop +█+ +500 ms fault\n {2}↳ Denied: not allowed\n {4}DynamoDB PutItem +█+/);
    expect((await traces("show", `Root=${id};Parent=53995c3f42cd8ad8;Sampled=1`)).code).toBe(0);
    const json = JSON.parse((await traces("show", id, "--json", "--mark", "fault")).stdout);
    expect(json).toMatchObject({ id, marked: ["0000000000000001"], segments: [{ name: "shop" }] });
  });

  test("a trace that is not there is told with what may be the cause, by its age", async () => {
    const absent = await traces("show", traceId(7, start));
    expect(absent).toMatchObject({ code: 2, stderr: expect.stringContaining("Sampled=0") });
    const old = await traces("show", traceId(7, start - 40 * 86_400));
    expect(old).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("look in an archive with --recorded"),
    });
    const wrong = await traces("show", "not-a-trace s3cret");
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("8 hex digits") });
    expect(wrong.stderr).not.toContain("s3cret");
  });

  test.each([
    [
      "no credentials",
      {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/nowhere",
        AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      },
      "aws sso login",
    ],
    ["no region", { AWS_REGION: undefined, AWS_CONFIG_FILE: "/nowhere" }, "give --region"],
  ])(
    "%s is told with what to do",
    async (_name, variables: Readonly<Record<string, string | undefined>>, words) => {
      const kept = { ...process.env };
      for (const [name, value] of Object.entries(variables)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      try {
        expect(await traces("query")).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
      } finally {
        process.env = kept;
      }
    },
  );
});
