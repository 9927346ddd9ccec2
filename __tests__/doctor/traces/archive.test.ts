import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { TRACE_ARCHIVE } from "../../../contract/trace-archive";
import { archive } from "../../../doctor/traces/archive/archive";
import { Bucket } from "../../../doctor/traces/archive/bucket";
import { manifestKey, planArchive } from "../../../doctor/traces/archive/plan";
import { LiveTraceSource } from "../../../doctor/xray/live";
import { Patience } from "../../../doctor/xray/patience";
import { LONG_PAUSES_MS } from "../../../doctor/xray/reading";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { Moto } from "../../../lab/runtime/moto";
import { XRayService } from "../../../lab/runtime/xray-service";
import { tracewrightBeside } from "../../support/cli-beside";
import { tracewrightInside } from "../../support/cli-inside";
import { commandOf, describeWith } from "../../support/tools";
import { segmentDocument, traceId } from "../../support/traces";

const HOUR = 3_600_000;
/** The account moto answers for. */
const OWNER = "123456789012";
const VARIABLES = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "us-east-1" };

/** A day that ended at a full hour, at least ten minutes ago, so that runs of one test ask for the same. */
const TO = Math.floor((Date.now() - 11 * 60_000) / HOUR) * HOUR;
const DAY = { fromMs: TO - 24 * HOUR, toMs: TO };
const AROUND = ["--since", new Date(DAY.fromMs).toISOString(), "--until", new Date(DAY.toMs).toISOString()];

describeWith(["moto"], "DOC-6 tracewright traces archive", () => {
  const service = new XRayService();
  const before = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), "tracewright-archive-"));
  let moto: Moto;
  let gateway: AwsGateway;
  let client: S3Client;
  let live: LiveTraceSource;
  let number = 0;
  let name = "";
  /** Milliseconds the source waited, each time. */
  let waits: number[] = [];

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    gateway = await AwsGateway.start(moto.url);
    Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: gateway.url });
    client = new S3Client({});
    const clock = { now: () => 0, wait: async (ms: number) => void waits.push(ms) };
    live = new LiveTraceSource({ clock, patience: new Patience(() => 1) });
  });

  beforeEach(async () => {
    service.reset();
    waits = [];
    gateway.reset();
    gateway.answerWith(service.answers);
    name = `archive-${++number}`;
    await client.send(new CreateBucketCommand({ Bucket: name }));
    const { key: Key, value: Value } = TRACE_ARCHIVE.tag;
    const Rules = [
      { ID: "year", Status: "Enabled" as const, Filter: { Tag: { Key, Value } }, Expiration: { Days: 365 } },
    ];
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: name, LifecycleConfiguration: { Rules } }),
    );
  });

  afterAll(async () => {
    live?.close();
    client?.destroy();
    await gateway?.stop();
    await moto?.stop();
    process.env = before;
  });

  /** One trace every half hour of the day. */
  const starts = Array.from({ length: 48 }, (_, index) => (DAY.fromMs + index * HOUR * 0.5) / 1000);
  const documents = starts.map((start, index) =>
    segmentDocument(index + 1, start, { annotations: { index }, fault: index % 2 === 0 }),
  );
  const run = (...args: readonly string[]) =>
    tracewrightInside(["traces", "archive", "--bucket", name, ...AROUND, ...args]);
  const keys = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
    return Contents.map(({ Key = "" }) => Key);
  };
  const bytesOf = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const puts = () => gateway.calls.filter(({ operation }) => operation === "PutObject");
  const planned = () => planArchive(live, DAY, undefined, () => undefined);
  const inProcess = async () => {
    const bucket = new Bucket(name, OWNER, undefined);
    try {
      return await archive(live, bucket, TRACE_ARCHIVE.prefix, await planned(), () => undefined);
    } finally {
      bucket.close();
    }
  };

  test("DOC-6 FR-163 FR-174 a day of traces is kept whole, readable again, and once", async () => {
    service.receive(documents);
    const args = ["traces", "archive", "--bucket", name, ...AROUND];
    const { code, stdout, stderr } = await tracewrightBeside(args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(/48 traces in [45] windows: about \d s, for X-Ray gives at most 25 a second/);
    expect(stdout).toMatch(/archived 48 traces in [45] objects; manifest s3:/);
    // The estimate comes before the first trace is read, the manifest after the last object.
    const operations = gateway.calls.map(({ operation }) => operation);
    expect(operations.lastIndexOf("GetTraceSummaries")).toBeLessThan(operations.indexOf("BatchGetTraces"));
    const written = await keys();
    const manifest = manifestKey(TRACE_ARCHIVE.prefix, DAY, undefined);
    expect(written).toContain(manifest);
    expect(puts().at(-1)?.input).toMatchObject({ Key: manifest });
    const parts = written.filter((key) => key.endsWith(".ndjson.gz"));
    const kept = (await Promise.all(parts.map(bytesOf))).map((bytes) => gunzipSync(bytes).toString());
    const traces = kept.flatMap((text) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    expect(traces.map(({ Id }) => Id).sort()).toEqual(documents.map(({ trace_id }) => trace_id).sort());
    expect(traces.map(({ Segments }) => JSON.parse(Segments[0].Document))).toEqual(
      expect.arrayContaining(documents),
    );
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: name, Key: manifest }));
    expect(TagSet).toEqual([{ Key: TRACE_ARCHIVE.tag.key, Value: TRACE_ARCHIVE.tag.value }]);

    const file = join(folder, "part.ndjson.gz");
    writeFileSync(file, await bytesOf(parts[0] ?? ""));
    const [first] = documents;
    const shown = await tracewrightInside(["traces", "show", first?.trace_id ?? "", "--recorded", file]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining("fault") });

    gateway.reset();
    gateway.answerWith(service.answers);
    const again = await run();
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("archived before") });
    expect(puts()).toEqual([]);
  });

  test("DOC-6 the same traces give the same bytes, whatever order they come in", async () => {
    service.receive(documents);
    const once = await inProcess();
    service.reset();
    service.receive([...documents].reverse());
    expect(await inProcess()).toEqual(once);
    expect(once.manifest.parts.every(({ traces }) => traces > 0)).toBe(true);
  });

  test("DOC-6 a run that breaks leaves no manifest, and the next makes the archive whole", async () => {
    service.receive(documents);
    let left = 2;
    gateway.failWhen(({ operation }) =>
      operation === "PutObject" && left-- <= 0
        ? { status: 403, code: "AccessDenied", message: "injected for the test" }
        : undefined,
    );
    await expect(inProcess()).rejects.toThrow(`--bucket ${name}: found AccessDenied`);
    expect((await keys()).filter((key) => key.includes("manifests"))).toEqual([]);
    gateway.failWhen(() => undefined);
    const { traces, parts } = (await inProcess()).manifest;
    expect(traces).toBe(48);
    expect((await keys()).filter((key) => key.endsWith(".gz")).sort()).toEqual(
      parts.map(({ key }) => key).sort(),
    );
  });

  /** Lets X-Ray say nothing at all of a trace its summaries name. */
  const forget = (gone: string) =>
    gateway.answerWith((call) => {
      const answer = service.answers(call);
      if (call.operation !== "BatchGetTraces" || typeof answer !== "string") return answer;
      const { Traces, ...rest } = JSON.parse(answer);
      return JSON.stringify({
        ...rest,
        Traces: Traces.filter(({ Id }: { readonly Id: string }) => Id !== gone),
      });
    });

  test("DOC-6 traces that cannot be read any more are named, and a run that finds them named says so again", async () => {
    service.receive(documents.slice(0, 5));
    const gone = traceId(3, starts[2] ?? 0);
    forget(gone);
    const first = await run("--json");
    expect(first).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("1 trace could no longer be read"),
    });
    expect(JSON.parse(first.stdout)).toMatchObject({ state: "archived", traces: 4, missing: [gone] });
    const again = await run("--json");
    expect(again).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("1 trace could no longer be read"),
    });
    expect(JSON.parse(again.stdout)).toMatchObject({
      state: "archived-before",
      manifestKey: manifestKey(TRACE_ARCHIVE.prefix, DAY, undefined),
      traces: 4,
      missing: [gone],
    });
  });

  test("DOC-6 traces X-Ray does not look up are asked for with patience, and leave no manifest", async () => {
    service.receive(documents);
    const busy = traceId(3, starts[2] ?? 0);
    service.behave({ unreadable: (id) => id === busy });
    const { manifest, unprocessed } = await inProcess();
    expect({ traces: manifest.traces, missing: manifest.missing, unprocessed }).toEqual({
      traces: 47,
      missing: [],
      unprocessed: [busy],
    });
    expect(waits.filter((ms) => LONG_PAUSES_MS.includes(ms))).toEqual(LONG_PAUSES_MS);
    expect((await keys()).filter((key) => key.includes("manifests"))).toEqual([]);
    service.behave({});
    expect((await inProcess()).manifest).toMatchObject({ traces: 48, missing: [] });
  });

  test("DOC-6 a manifest that is none is not taken for an archive", async () => {
    service.receive(documents);
    const Key = manifestKey(TRACE_ARCHIVE.prefix, DAY, undefined);
    for (const Body of ["s3cret", '{"format":2,"note":"s3cret"}']) {
      await client.send(new PutObjectCommand({ Bucket: name, Key, Body }));
      const { code, stderr } = await run();
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining("--again writes it anew"),
      });
      expect(stderr).not.toContain("s3cret");
    }
  });

  test("a bucket of another account is refused before anything is read", async () => {
    service.receive(documents);
    gateway.failWhen(({ service: called, headers }) =>
      called === "s3" && headers["x-amz-expected-bucket-owner"] === OWNER
        ? { status: 403, code: "AccessDenied", message: "Access Denied" }
        : undefined,
    );
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain(`--bucket ${name}`);
    expect(stderr).toContain(`expected a bucket of account ${OWNER}`);
    expect(gateway.calls.filter(({ service: called }) => called === "xray")).toEqual([]);
    expect(puts()).toEqual([]);
  });

  test("a bucket that keeps for ever is refused unless that is wanted; nothing to archive is said", async () => {
    name = `forever-${number}`;
    await client.send(new CreateBucketCommand({ Bucket: name }));
    const refused = await run();
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("modules/trace-archive.ts") });
    const empty = await run("--any-retention", "--json");
    expect(empty).toMatchObject({ code: 3, stderr: expect.stringContaining("nothing was written") });
    expect(JSON.parse(empty.stdout)).toMatchObject({ state: "empty", traces: 0 });
    expect(await keys()).toEqual([]);
  });

  test("a dry run says how long it would take and writes nothing", async () => {
    service.receive(documents);
    const { code, stdout, stderr } = await run("--dry-run", "--filter", "fault", "--json");
    expect({ code, puts: puts() }).toEqual({ code: 0, puts: [] });
    const manifest = expect.stringMatching(/^traces\/manifests\/.+\.json$/);
    expect(JSON.parse(stdout)).toEqual({
      ...{ state: "planned", manifestKey: manifest, traces: 24 },
      ...{ windows: expect.any(Number), seconds: expect.any(Number) },
    });
    expect(stderr).toMatch(/24 traces in \d windows: about/);
  });
});
