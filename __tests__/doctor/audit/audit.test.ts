import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { removedIn } from "../../../doctor/audit/audit";
import { REMOVED } from "../../../doctor/audit/removed";
import { MAX_TEXT_BYTES } from "../../../doctor/audit/texts";
import { tracewright } from "../../support/cli";
import { tracewrightHere } from "../../support/cli-here";

const ROOT = resolve(__dirname, "..", "..", "..");

const namesIn = (content: string) => removedIn({ place: "a", content }).map(({ name }) => name);

describe("AUD-1 names of the removed machinery", () => {
  test.each([
    ["from lib.latency_logger import log_latency", "latency-log-module"],
    ['import { LatencyLogger } from "./latency-logger";', "latency-log-module latency-log-module"],
    ["const cacheLogger = new CacheLogger();", "cache-log-module cache-log-module"],
    ["id = get_correlation_id(event)", "correlation-id-maker"],
    ["const id = generateCorrelationId(source);", "correlation-id-maker"],
    ["const id = `${source}-${requestId}`;", "correlation-id-format"],
    ['return f"{source}-{context.aws_request_id}"', "correlation-id-format"],
    ["fields @timestamp, hit_rate | filter entry_count > 3", "logger-field logger-field"],
    ["stats pctile(latency_ms, 95) by bin(5m)", "pctile-query"],
  ])("AUD-1 SC-006 %s is found", (content, names) => {
    expect(namesIn(content).join(" ")).toBe(names);
  });

  test.each([
    "annotate('cache_hit_rate', 0.9); annotate('cache_entry_count', 3); annotate('cache_max_entries', 9);",
    "const correlation_id = traceId();",
    "const key = `${environment}-${name}`;",
    "settings.max_entries_per_page",
    "stats percentile(latency_ms, 95)",
  ])("%s is none of them", (content) => {
    expect(namesIn(content)).toEqual([]);
  });

  test("every name says what it was and what to use now", () => {
    expect(new Set(REMOVED.map(({ id }) => id)).size).toBe(REMOVED.length);
    for (const { what, instead } of REMOVED) expect([what, instead]).not.toContain("");
  });
});

describe("tracewright audit", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracewright-audit-"));
  const before = process.cwd();
  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  const plant = (file: string, content: string | Buffer): string => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const audit = (...args: readonly string[]) => tracewrightHere(["audit", ...args]);
  const reportOf = async (...args: readonly string[]) => JSON.parse((await audit(...args, "--json")).stdout);

  plant("app/src/handler.py", "import os\n\nfrom lib import cache_logger\n");
  plant("app/tests/test_handler.py", "assert get_correlation_id({}) == 'a'\n");
  plant("app/docs/queries.md", "stats pctile(duration, 99)\n");
  plant("app/main.tf", 'query_string = "fields send_timestamp"\n');
  plant("app/node_modules/dep/index.js", "cacheLogger();\n");
  plant("app/photo.png", Buffer.concat([Buffer.from([0x89, 0x50, 0]), Buffer.from("cache_logger")]));
  symlinkSync(folder, join(folder, "app", "loop"));
  const secret = plant("leaky/deploy.sh", "TOKEN=hunter2 latency_logger=1\n");

  test("AUD-1 it looks through source, tests, docs and Terraform, says where, and ends with 1", async () => {
    const { code, stdout } = await audit("app");
    expect(code).toBe(1);
    expect(stdout.match(/^\S+ app\/\S+:\d+:\d+$/gm)).toEqual([
      "pctile-query app/docs/queries.md:1:7",
      "logger-field app/main.tf:1:24",
      "cache-log-module app/src/handler.py:3:17",
      "correlation-id-maker app/tests/test_handler.py:1:8",
    ]);
    expect(stdout).toMatch(/4 texts: 4 found, 0 allowed, 0 stale, 0 not read$/m);
  });

  test("it shows the name and never the rest of its line", async () => {
    const { stdout } = await audit(secret);
    expect(stdout).toContain("latency_logger");
    expect(stdout).not.toContain("hunter2");
  });

  test("AUD-1 saved queries and dashboards of a plan are looked through", async () => {
    const body = JSON.stringify({
      widgets: [{ properties: { query: "SOURCE x | stats pctile(latency_ms, 95)" } }],
    });
    const planned = (type: string, after: object) => ({
      address: `${type}.old`,
      mode: "managed",
      type,
      name: "old",
      change: { actions: ["create"], before: null, after, after_unknown: {} },
    });
    plant(
      "plan.json",
      JSON.stringify({
        format_version: "1.2",
        resource_changes: [
          planned("aws_cloudwatch_query_definition", { name: "q", query_string: "fields hit_rate" }),
          planned("aws_cloudwatch_dashboard", { dashboard_body: body }),
        ],
        configuration: { root_module: {} },
      }),
    );
    plant("clean/a.ts", "export const a = 1;\n");
    const { findings } = await reportOf("--plan", "plan.json");
    expect(findings).toMatchObject([
      { name: "logger-field", place: "aws_cloudwatch_query_definition.old.query_string" },
      { name: "pctile-query", place: "aws_cloudwatch_dashboard.old.dashboard_body" },
    ]);
  });

  test("AUD-2 only the function whose work it is may read traces back", async () => {
    plant("fns/canary/a.ts", 'import "@aws-sdk/client-xray";\n');
    plant("fns/canary-2/a.ts", 'import "@aws-sdk/client-xray";\n');
    const { findings } = await reportOf("clean", "--functions", "fns", "--watcher", "fns/canary");
    expect(findings).toMatchObject([{ name: "reads-traces", place: "fns/canary-2/a.ts", line: 1 }]);
    expect((await reportOf("clean", "--functions", "fns")).findings).toHaveLength(2);
  });

  describe("its allow-list", () => {
    const list = (...allowed: readonly object[]) =>
      plant("allowed.json", JSON.stringify({ allowed: allowed }));
    const entry = { name: "pctile-query", place: "app/docs/", reason: "tells what was replaced" };

    test("AUD-1 what has a reason is allowed, and the report keeps the reason", async () => {
      const { findings } = await reportOf("app/docs", "--allow", list(entry));
      expect(findings).toMatchObject([{ name: "pctile-query", reason: "tells what was replaced" }]);
      expect((await audit("app/docs", "--allow", list(entry))).code).toBe(0);
    });

    test("AUD-1 an entry allows its own name in its own place alone", async () => {
      expect((await audit("app/src", "app/docs", "--allow", list(entry))).code).toBe(1);
      expect((await audit("app/docs", "--allow", list({ ...entry, place: "app/doc" }))).code).toBe(1);
    });

    test("AUD-1 an entry that allows nothing is a finding", async () => {
      const { code, stdout } = await audit("clean", "--allow", list(entry));
      expect(code).toBe(1);
      expect(stdout).toContain("stale pctile-query app/docs/: allows nothing, remove it");
    });

    test.each([
      [[{ ...entry, reason: "ok" }], /allowed\.0\.reason.* a reason of at least 10 characters/],
      [[{ name: "pctile-query", place: "a" }], /allowed\.0\.reason: found nothing/],
      [[{ ...entry, name: "pctile" }], /allowed\.0: found name "pctile"; expected one of latency-log-module/],
      [[entry, entry], /a second time/],
      [[{ ...entry, more: 1 }], /an unknown key/],
    ])("AUD-1 %j is refused", async (allowed, message) => {
      const { code, stderr } = await audit("clean", "--allow", list(...allowed));
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/Next step: /);
    });
  });

  test("a text too large to read leaves the audit undecided, whatever else it holds", async () => {
    const huge = plant("huge/server.log", "a".repeat(10_000));
    truncateSync(huge, MAX_TEXT_BYTES + 1);
    const { code, stdout } = await audit("huge");
    expect(code).toBe(3);
    expect(stdout).toMatch(/not read huge\/server\.log: larger than 16 MiB/);
  });

  test("a text in another encoding is not read, and said so", async () => {
    plant("wide/a.sql", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("pctile(", "utf16le")]));
    const { code, stdout } = await audit("wide");
    expect([code, stdout]).toEqual([
      3,
      expect.stringContaining("not read wide/a.sql: UTF-16; expected UTF-8"),
    ]);
  });

  test("a link is followed when it is named, and only then", async () => {
    plant("linked/real/a.py", "import cache_logger\n");
    mkdirSync(join(folder, "links"));
    symlinkSync(join(folder, "linked"), join(folder, "links", "to"));
    expect((await audit("links")).code).toBe(0);
    expect((await reportOf("links/to")).findings).toMatchObject([{ place: "links/to/real/a.py" }]);
  });

  test("a path that does not exist is wrong usage", async () => {
    const { code, stderr } = await audit("nowhere");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^nowhere: found no such file; expected .*\. Next step: /m);
  });

  test("--help shows an example and the exit codes", () => {
    const { code, stdout } = tracewright(["audit", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Example:\n {2}tracewright audit[\s\S]*Exit codes:/);
  });
});

test("AUD-1 SC-006 nothing of it is left in this repository", () => {
  const { code, stdout } = tracewright(
    [
      "audit",
      ".",
      "--functions",
      "functions",
      "--watcher",
      "functions/canary",
      "--allow",
      "audit-allowed.json",
    ],
    { cwd: ROOT },
  );
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/ 0 found, \d+ allowed, 0 stale/),
  });
});
