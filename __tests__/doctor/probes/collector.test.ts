import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectorConfig as written } from "../../../containers/sse/collector-config";
import { collector } from "../../../doctor/probes/collector";
import { COLLECTOR_BUILDS } from "../../../doctor/probes/collector-builds";
import { collectorConfig } from "../../../doctor/probes/collector-config";
import { OtlpReceiver } from "../../../lab/runtime/otlp-receiver";
import { httpStub } from "../../support/http-stub";
import { lookOnce, settings, told } from "./looking";

const PINS = "containers/sse/pins.lock.json";
const directory = mkdtempSync(join(tmpdir(), "tracewright-collector-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("DOC-3 E2 a collector", () => {
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
  });
  afterAll(() => receiver.stop());
  beforeEach(() => receiver.reset());

  test.each(["", "/"])(
    "that listens takes an export without spans, base URL with %p at its end",
    async (end) => {
      const finding = await lookOnce(collector, { collector: `${receiver.url}${end}` });
      expect(finding).toMatchObject({ verdict: "pass", found: "status 200" });
      expect(receiver.exports).toMatchObject([{ path: "/v1/traces", spans: [] }]);
    },
  );

  test("that does not listen", async () => {
    await receiver.reset({ kind: "refuse" });
    const finding = await lookOnce(collector, { collector: receiver.url });
    expect(finding).toMatchObject(told("fail", "", "start the collector"));
    // A connection kept from before ends, a new one is refused.
    expect(finding.found).toMatch(/ECONNREFUSED|UND_ERR_SOCKET/);
  });

  test.each([
    [404, "4317 speaks gRPC"],
    [308, "port 4318"],
    [401, "credentials"],
    [503, "collector's log"],
  ])("that answers %d", async (status, fix) => {
    const stub = await httpStub((_, response) => void response.writeHead(status, { location: "/" }).end());
    const finding = await lookOnce(collector, { collector: `http://${stub.host}` });
    await stub.stop();
    expect(finding).toMatchObject(told("fail", `status ${status}`, fix));
  });

  test("with name and password in its address is asked with them, and neither is shown", async () => {
    const asked: (string | undefined)[] = [];
    const stub = await httpStub((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(200).end();
    });
    const finding = await lookOnce(collector, { collector: `http://us%40er:pass%23w%E9@${stub.host}/otlp/` });
    await stub.stop();
    const pair = Buffer.from("us@er:pass%23w%E9").toString("base64");
    expect(asked).toEqual([`POST /otlp/v1/traces Basic ${pair}`]);
    expect(finding).toMatchObject({
      verdict: "pass",
      evidence: `POST http://${stub.host}/otlp/v1/traces without spans`,
    });
  });

  test("with a query in its base URL is asked in front of it, and warned of what exporters make of it", async () => {
    const asked: (string | undefined)[] = [];
    const stub = await httpStub((request, response) => {
      asked.push(request.url);
      response.writeHead(200).end();
    });
    const finding = await lookOnce(collector, { collector: `http://${stub.host}/otlp?token=s3cret` });
    await stub.stop();
    expect(asked).toEqual(["/otlp/v1/traces?token=s3cret"]);
    expect(finding).toMatchObject(told("warn", "behind the query", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
    expect(JSON.stringify(finding)).not.toContain("s3cret");
  });

  test.each(["localhost:4318", "s3cret", "http://:s3cret@", "ftp://s3cret/"])(
    "whose address is none, %p, which is not shown",
    async (address) => {
      const finding = await lookOnce(collector, { collector: address });
      expect(finding).toMatchObject(told("fail", "no address of HTTP", "OTEL_EXPORTER_OTLP_ENDPOINT=http"));
      expect(JSON.stringify(finding)).not.toContain("s3cret");
    },
  );

  test("that is not named", () => {
    expect(collector.missing(settings())).toContain("OTEL_EXPORTER_OTLP_ENDPOINT");
  });
});

describe("DOC-3 E2 a collector's configuration", () => {
  const judged = (text: string, pins = PINS) => {
    const file = join(directory, "config.yaml");
    writeFileSync(file, text);
    return lookOnce(collectorConfig, { collectorConfig: file, pins });
  };
  const config = (change: (text: string) => string) => judged(change(written()));

  test("as the image contains it fits the pinned build", async () => {
    const finding = await judged(written());
    expect(finding).toMatchObject({ verdict: "pass", found: "it fits" });
    expect(finding.evidence).toContain("collector 0-117-0");
  });

  test("the pinned build is one whose parts are listed", () => {
    const lock = readFileSync(PINS, "utf8");
    const version = /aws-otel-collector-\w+-ver-([0-9-]+):/.exec(lock)?.[1] ?? "";
    expect(Object.keys(COLLECTOR_BUILDS)).toContain(version);
  });

  test.each<readonly [string, (text: string) => string, string]>([
    [
      "a batch processor",
      (text) => `${text}processors:\n  batch:\n    timeout: 1s\n`,
      "processors.batch is not in this build, which has none",
    ],
    ["the decouple processor", (text) => `${text}processors:\n  decouple: {}\n`, "processors.decouple"],
    ["an exporter it lacks", (text) => text.replaceAll("awsxray", "jaeger"), "exporters.jaeger"],
    ["a health check", (text) => `${text}extensions:\n  health_check: {}\n`, "extensions.health_check"],
    [
      "a receiver nobody configured",
      (text) => text.replace("- otlp", "- zipkin"),
      "receivers.zipkin, which is not configured",
    ],
    ["no pipeline of traces", (text) => text.replace("traces:", "metrics:"), "no traces"],
    ["no way to X-Ray", (text) => text.replaceAll("awsxray", "prometheus"), "no exporter leads to X-Ray"],
    ["nothing", () => "", "no configuration"],
    ["a list", () => "- a\n- b\n", "no configuration"],
    ["no YAML", () => "receivers: {otlp: [", "no YAML"],
  ])("with %s would not start", async (_title, change, found) => {
    expect(await config(change)).toMatchObject({ verdict: "fail", found: expect.stringContaining(found) });
  });

  test("an instance of a known type with a name of its own is known", async () => {
    expect(await config((text) => text.replaceAll("awsxray", "awsxray/main"))).toMatchObject({
      verdict: "pass",
    });
  });

  test.each<readonly [string, (text: string) => string, string]>([
    [
      "an annotation that is not indexed",
      (text) => text.replace(/^.*- session_id\n/m, ""),
      "lacks session_id",
    ],
    [
      "all attributes indexed",
      (text) => text.replace("awsxray:\n", "awsxray:\n    index_all_attributes: true\n"),
      "50 annotations",
    ],
  ])("with %s starts, and is worth a look", async (_title, change, found) => {
    expect(await config(change)).toMatchObject({ verdict: "warn", found: expect.stringContaining(found) });
  });

  test("that is longer than what is read is not judged by its beginning", async () => {
    const finding = await config((text) => `${text}${"#".repeat(200_000)}\nprocessors:\n  batch: {}\n`);
    expect(finding).toMatchObject(told("undecided", "more than 200 kB", "the configuration alone"));
  });

  test("cannot be judged without file, lock or a build that is known", async () => {
    const none = await lookOnce(collectorConfig, { collectorConfig: join(directory, "none") });
    expect(none).toMatchObject(told("undecided", "ENOENT", "name the configuration"));
    expect(await judged(written(), join(directory, "none.json"))).toMatchObject(
      told("undecided", "no such file", "--pins"),
    );
    const other = join(directory, "pins.json");
    writeFileSync(other, readFileSync(PINS, "utf8").replace("ver-0-117-0", "ver-9-9-9"));
    expect(await judged(written(), other)).toMatchObject(told("undecided", "9-9-9", "collector-builds.ts"));
  });
});
