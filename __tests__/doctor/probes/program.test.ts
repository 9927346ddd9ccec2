import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { inbound } from "../../../doctor/probes/inbound";
import { SEGMENT_BY_HAND } from "../../../doctor/probes/segment-by-hand";
import { wrappedClients } from "../../../doctor/probes/wrapped-clients";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { BUNDLE_OPTIONS } from "../../../modules/function-bundle";
import { lookOnce, settings, told } from "./looking";

const directory = mkdtempSync(join(tmpdir(), "tracewright-entry-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function entry(text: string): { readonly entry: string } {
  const file = join(directory, "entry.js");
  writeFileSync(file, text);
  return { entry: file };
}

const CAPTURE =
  'const AWSXRay = require("aws-xray-sdk-core");\nAWSXRay.captureHTTPsGlobal(require("https"));\n';

describe("DOC-3 E2 requests that come in", () => {
  test.each([
    [
      "Backstage",
      `${CAPTURE}import { createBackend } from "@backstage/backend-defaults";`,
      "@backstage/backend-defaults",
    ],
    ["Fastify", `${CAPTURE}const app = require("fastify")();`, "fastify"],
    ["a plain server", `${CAPTURE}require("node:http").createServer(() => {}).listen(1);`, "node:http"],
  ])(
    "of %s, which has no middleware: segments by hand or at the gateway",
    async (_title, text, framework) => {
      const finding = await lookOnce(inbound, entry(text));
      expect(finding).toMatchObject(told("fail", "captureHTTPsGlobal", "xray_tracing_enabled = true"));
      expect(finding.found).toContain(`requests served by ${framework} are not`);
      expect(finding).toMatchObject({ fix: expect.stringContaining(SEGMENT_BY_HAND) });
    },
  );

  test.each([
    [
      "Express",
      'import express from "express";',
      "aws-xray-sdk-express: app.use(AWSXRay.express.openSegment",
    ],
    ["Restify", 'const restify = require("restify");', "AWSXRayRestify.enable"],
  ])("of %s, which has middleware that is not used", async (_title, text, fix) => {
    expect(await lookOnce(inbound, entry(CAPTURE + text))).toMatchObject(told("fail", "not", fix));
  });

  test.each([
    [
      "Express with its middleware",
      `${CAPTURE}require("express")().use(AWSXRay.express.openSegment("orders"));`,
    ],
    ["segments by hand", `${CAPTURE}const segment = new AWSXRay.Segment("orders");`],
    ["OpenTelemetry's instrumentation", 'import "@opentelemetry/auto-instrumentations-node/register";'],
    ["a Lambda handler", `${CAPTURE}exports.handler = async () => 1;`],
    ["a bundled handler of ours", readFileSync(resolve("functions", "ingestion", "handler.ts"), "utf8")],
  ])("of %s are traced", async (_title, text) => {
    expect(await lookOnce(inbound, entry(text))).toMatchObject({ verdict: "pass" });
  });

  test("of a server without any tracing, of nothing, of no file", async () => {
    expect(await lookOnce(inbound, entry('require("koa")'))).toMatchObject(
      told("warn", "no tracing at all", "koa"),
    );
    expect(await lookOnce(inbound, entry("1 + 1"))).toMatchObject({ verdict: "undecided" });
    expect(await lookOnce(inbound, { entry: join(directory, "none") })).toMatchObject(
      told("undecided", "ENOENT", "name the file"),
    );
    expect(inbound.missing(settings())).toBe("--entry FILE or --trace FILE");
  });
});

test("DOC-3 the code for a segment by hand traces a request and the call it makes", async () => {
  const daemon = await XRayDaemon.start();
  const program = `${SEGMENT_BY_HAND}
    const http = require("node:http");
    AWSXRay.captureHTTPsGlobal(http);
    const inner = http.createServer((request, response) => response.end("inner")).listen(0, "127.0.0.1", () => {
      const outer = http.createServer((request, response) =>
        traced(request, response, () =>
          http.get({ host: "127.0.0.1", port: inner.address().port }, (answer) => answer.resume().on("end", () => response.end("outer"))),
        ),
      ).listen(0, "127.0.0.1", () => process.send(outer.address().port));
    });`;
  const child = spawn(process.execPath, ["-e", program], {
    cwd: resolve("."),
    env: { ...process.env, AWS_XRAY_DAEMON_ADDRESS: daemon.address },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [port] = (await once(child, "message")) as [number];
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-0123456789abcdef01234567`;
  await fetch(`http://127.0.0.1:${port}/orders`, {
    headers: { "x-amzn-trace-id": `Root=${root};Sampled=1` },
  }).then((answer) => answer.text());
  const documents = await daemon.settled();
  child.kill();
  await daemon.stop();
  expect(documents).toMatchObject([
    {
      name: "NAME",
      trace_id: root,
      http: { request: { url: expect.stringContaining("/orders") }, response: { status: 200 } },
      subsegments: [{ namespace: "remote", name: "127.0.0.1" }],
    },
  ]);
});

describe("DOC-3 E2 AWS clients", () => {
  const IMPORT = 'import { DynamoDBClient } from "@aws-sdk/client-dynamodb";\n';

  test.each([
    ["wrapped at once", `${IMPORT}const db = tracer.captureAWSv3Client(new DynamoDBClient({}));`],
    ["wrapped later", `${IMPORT}const db = new DynamoDBClient({});\nAWSXRay.captureAWSv3Client(db);`],
    [
      "wrapped as a field",
      `${IMPORT}class A { readonly #db = new DynamoDBClient({}); constructor() { captureAWSv3Client(this.#db); } }`,
    ],
  ])("%s pass", async (_title, text) => {
    expect(await lookOnce(wrappedClients, entry(text))).toMatchObject({
      verdict: "pass",
      found: "captured: DynamoDBClient",
    });
  });

  test("that are bare are named", async () => {
    const text = `${IMPORT}import { SNSClient } from "@aws-sdk/client-sns";
      const db = tracer.captureAWSv3Client(new DynamoDBClient({}));
      export const sns = new SNSClient({ region });`;
    expect(await lookOnce(wrappedClients, entry(text))).toMatchObject(
      told("fail", "bare: SNSClient", "captureAWSv3Client"),
    );
  });

  test("in a bundle that captures nothing are bare, in another it cannot be told", async () => {
    const bundle = 'var x={serviceId:c?.serviceId??"DynamoDB"};var y={serviceId:"SNS"};new Ab({});';
    expect(await lookOnce(wrappedClients, entry(bundle))).toMatchObject(
      told("fail", "clients of DynamoDB, SNS, and nothing that captures", "wrap each client"),
    );
    expect(await lookOnce(wrappedClients, entry(`${bundle}t.captureAWSv3Client(z)`))).toMatchObject(
      told("undecided", "clients of DynamoDB, SNS", "--trace"),
    );
  });

  test("in a shipped bundle of ours may be captured, and its handler is known as one", async () => {
    const file = join(directory, "bundle.js");
    buildSync({
      ...BUNDLE_OPTIONS,
      entryPoints: ["functions/metrics/handler.ts"],
      outfile: file,
      logLevel: "silent",
    });
    expect(await lookOnce(inbound, { entry: file })).toMatchObject({ verdict: "pass" });
    expect(await lookOnce(wrappedClients, { entry: file })).toMatchObject(
      told("undecided", "a bundle with clients of CloudWatch, DynamoDB", "--trace"),
    );
  });

  test("with a type, after another value, or behind other calls are told apart", async () => {
    const text = `${IMPORT}const a = { b: 1 }; const db = new DynamoDBClient({}); captureAWSv3Client(db);
      const typed: SNSClient = new SNSClient({});
      AWSXRay.captureAWSv3Client(typed);
      const wrapped = retrying(tracer.captureAWSv3Client(new SQSClient({})));
      const other = captureAWSv3Client(retrying(new SSMClient({})));`;
    expect(await lookOnce(wrappedClients, entry(text))).toMatchObject(
      told("fail", "bare: SSMClient", "wrap"),
    );
  });

  test.each([
    ["a megabyte of one word", "a".repeat(1_000_000)],
    ["a megabyte of blanks", " ".repeat(1_000_000)],
    ["calls inside calls", "a(".repeat(500_000)],
    ["types without end", "a: ".repeat(330_000)],
    ["clients alone", Array.from({ length: 40_000 }, (_, index) => `let a${index}=new AClient();`).join("")],
  ])("E2 are looked for in %s in bounded time", async (_title, line) => {
    const from = performance.now();
    const finding = await lookOnce(wrappedClients, entry(`${IMPORT}${line} new DynamoDBClient({});`));
    expect(finding).toMatchObject(told("fail", "DynamoDBClient", "wrap"));
    expect(performance.now() - from).toBeLessThan(5000);
  });

  test("are not in every program", async () => {
    expect(await lookOnce(wrappedClients, entry("new HttpClient()"))).toMatchObject({ verdict: "pass" });
    expect(await lookOnce(wrappedClients, { entry: join(directory, "none") })).toMatchObject({
      verdict: "undecided",
    });
  });
});
