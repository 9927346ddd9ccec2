import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectorConfig } from "../../../doctor/probes/collector-config";
import { daemonLog } from "../../../doctor/probes/daemon-log";
import { inbound } from "../../../doctor/probes/inbound";
import { tailLines } from "../../../doctor/probes/tail-lines";
import { look, lookOnce, settings, told } from "./looking";

const directory = mkdtempSync(join(tmpdir(), "tracewright-daemon-log-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const START = [
  "2026-11-21T09:00:00Z [Info] Initializing AWS X-Ray daemon 3.3.14",
  "2026-11-21T09:00:00Z [Info] Using buffer memory limit of 78 MB",
  "2026-11-21T09:00:00Z [Info] 1248 segment buffers allocated",
  "2026-11-21T09:00:00Z [Info] Using region: eu-west-1",
  "2026-11-21T09:00:00Z [Info] HTTP Proxy server using X-Ray Endpoint : https://xray.eu-west-1.amazonaws.com",
  "2026-11-21T09:00:00Z [Info] Starting proxy http server on 127.0.0.1:2000",
];
const SENT = "2026-11-21T09:01:00Z [Info] Successfully sent batch of 3 segments (0.123 seconds)";
const failed = (reason: string) =>
  `2026-11-21T09:02:00Z [Error] Sending segment batch failed with: ${reason}`;
const DELAY = "2026-11-21T09:02:00Z [Warn] Delaying sending of additional batches by 0 seconds";
const REFUSED = failed(
  "AccessDeniedException: User: arn:aws:sts::1:x is not authorized to perform: xray:PutTraceSegments",
);

function log(name: string, lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** Some minutes after what the lines tell. */
const now = () => Date.parse("2026-11-21T09:05:00Z");
const reading = (file: string, at = now) =>
  lookOnce(daemonLog, { daemonLog: file }, { now: at, region: async () => "eu-west-1" });
const read = (lines: readonly string[], at = now) => reading(log("log", lines), at);

test("DOC-3 a batch that was sent is good news, however it looked before", async () => {
  expect(await read([...START, REFUSED, DELAY, SENT])).toMatchObject({ verdict: "pass", found: SENT });
});

test("DOC-3 the newest line that says something decides", async () => {
  const after = "2026-11-21T09:03:00Z [Debug] processor: partial batch cut";
  expect(await read([...START, SENT, REFUSED, DELAY, after])).toMatchObject(
    told("fail", "not authorized", "AWSXRayDaemonWriteAccess"),
  );
});

test.each([
  [
    failed("NoCredentialProviders: no valid providers in chain. Deprecated."),
    "fail",
    "credentials that are valid",
  ],
  [
    failed("ExpiredTokenException: The security token included in the request is expired"),
    "fail",
    "credentials",
  ],
  [failed("UnrecognizedClientException: The security token is invalid."), "fail", "credentials"],
  [failed("InvalidSignatureException: Signature expired: 20261121T090000Z"), "fail", "clock"],
  [failed("ThrottledException: Rate exceeded"), "warn", "sampling rate"],
  [failed("SomethingNew: nobody knows"), "fail", "AWSXRayDaemonWriteAccess"],
  ["2026-11-21T09:02:00Z [Error] Error sending batch: AccessDenied", "fail", "AWSXRayDaemonWriteAccess"],
  [
    "2026-11-21T09:02:00Z [Info] Sent batch of 2 segments but had 1 Unprocessed segments (0.1 seconds)",
    "fail",
    "64 kB",
  ],
  ['2026-11-21T09:02:00Z [Error] Unprocessed segment: { ErrorCode: "InvalidId" }', "fail", "ErrorCode"],
  [
    "2026-11-21T09:02:00Z [Warn] Segment dropped. Consider increasing memory limit",
    "warn",
    "--buffer-memory",
  ],
  ["2026-11-21T09:02:00Z [Warn] Spilling over 50 segments", "warn", "--buffer-memory"],
  ["2026-11-21T09:02:00Z [Warn] Missing header or segment: hello", "warn", "begin each datagram"],
  [
    "2026-11-21T09:02:00Z [Error] listen udp 127.0.0.1:2000: bind: address already in use",
    "fail",
    "the other daemon",
  ],
  ["2026-11-21T09:02:00Z [Error] Unable to retrieve the region from the EC2 instance", "fail", "--region"],
  ["2026-11-21T09:02:00Z [Error] Unable to sign request: EC2RoleRequestError", "fail", "credentials"],
  ["dial udp 127.0.0.1:2000: connect: connection refused", "fail", "start the daemon"],
  ["2026-11-21 09:02:00 [ERROR] Error: connect ECONNREFUSED 127.0.0.1:2000", "fail", "start the daemon"],
])("DOC-3 %s", async (line, verdict, fix) => {
  expect(await read([...START, SENT, line])).toMatchObject({
    verdict,
    found: line,
    fix: expect.stringContaining(fix),
  });
});

test("DOC-3 a message over several lines is one: a refused connection to X-Ray is no missing daemon", async () => {
  const head = failed("RequestError: send request failed");
  const cause =
    "caused by: Post https://xray.eu-west-1.amazonaws.com/TraceSegments: dial tcp 1.2.3.4:443: connect: connection refused";
  expect(await read([...START, SENT, head, cause, DELAY])).toMatchObject(
    told("fail", "RequestError", "open the way from the daemon's host"),
  );
});

test("DOC-3 a daemon that sends to another region is told beside how sending went", async () => {
  const given = { daemonLog: log("log", [...START, SENT]) };
  const asked = (region: string | undefined, at = now) =>
    look(daemonLog, given, { now: at, region: async () => region });
  const sent = expect.objectContaining({ verdict: "pass", found: SENT });
  const elsewhere = told("fail", "Using region: eu-west-1", "--region eu-west-1");
  expect(await asked("us-east-1")).toEqual([
    sent,
    expect.objectContaining({ about: "region", ...elsewhere }),
  ]);
  expect(await asked("eu-west-1")).toEqual([sent]);
  expect(await asked(undefined)).toEqual([sent]);
  expect(await asked("us-east-1", () => now() + 86_400_000)).toEqual([
    expect.objectContaining({ verdict: "undecided" }),
  ]);
});

test("DOC-3 the region of the daemon's last start counts", async () => {
  const moved = START.map((line) => line.replaceAll("eu-west-1", "us-east-1"));
  expect(await read([...moved, SENT, ...START, SENT])).toMatchObject({ verdict: "pass" });
});

test("DOC-3 a daemon that has sent nothing yet", async () => {
  expect(await read(START)).toMatchObject(told("warn", "Starting proxy", "compare AWS_XRAY_DAEMON_ADDRESS"));
});

test("DOC-3 lines a supervisor wrote something before", async () => {
  expect(await read([...START, SENT].map((line) => `Nov 21 09:00:00 host xray[17]: ${line}`))).toMatchObject({
    verdict: "pass",
  });
});

test("DOC-3 the log of another program is recognized", async () => {
  const lines = ["[2026-11-21 09:00:00] INFO server started", "GET /index.html 200", "GET /api 500"];
  expect(await read(lines)).toMatchObject(
    told("undecided", "3 lines, none of the X-Ray daemon", "/var/log/xray/xray.log"),
  );
  const seelog = [
    "2026-11-21T09:00:00Z [Info] listening on :8080",
    "2026-11-21T09:00:01Z [Error] no such user",
  ];
  expect(await read(seelog)).toMatchObject(told("undecided", "another program", "docker logs"));
});

test("DOC-3 an empty log, one without news, and one that is not there", async () => {
  const empty = join(directory, "empty");
  writeFileSync(empty, "");
  expect(await reading(empty)).toMatchObject(told("undecided", "empty", "--log-file"));
  const quiet = START.slice(1, 4);
  expect(await read(quiet)).toMatchObject(told("undecided", "none about sending", "--log-level info"));
  const none = await reading(join(directory, "none"));
  expect(none).toMatchObject(told("undecided", "ENOENT", "can be read"));
  expect(await reading(directory)).toMatchObject({ verdict: "undecided" });
  expect(daemonLog.missing(settings())).toBe("--daemon-log FILE");
});

/** A file of a size that is mostly a hole, with lines at its end. */
function sparse(name: string, bytes: number, end: readonly string[]): string {
  const file = join(directory, name);
  const descriptor = openSync(file, "w");
  const text = `\n${end.join("\n")}\n`;
  ftruncateSync(descriptor, bytes);
  writeSync(descriptor, text, bytes - text.length);
  closeSync(descriptor);
  return file;
}

test("DOC-3 E2 of a log of 2 GB only the end is read, in bounded memory", async () => {
  const size = 2 * 1024 ** 3;
  const file = sparse("large", size, [...START, SENT, REFUSED]);
  const before = process.memoryUsage().arrayBuffers;
  expect(await reading(file)).toMatchObject({ verdict: "fail" });
  const silent = sparse("silent", size, []);
  expect(await reading(silent)).toMatchObject({ verdict: "undecided" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
});

test.each([
  ["2026-11-21T09:12:00Z", "11 min"],
  ["2026-11-21T12:01:00Z", "3 h"],
  ["2032-11-21T09:01:00Z", "2192 days"],
])("DOC-3 good news and bad, read at %s, tell of the past", async (at, age) => {
  const later = () => Date.parse(at);
  expect(await read([...START, SENT], later)).toMatchObject(
    told("undecided", `nothing newer than ${age}: ${SENT}`, "send a request and look again"),
  );
  const refused = REFUSED.replace("09:02:00Z", "10:01:00+01:00");
  expect(await read([...START, SENT, refused], later)).toMatchObject(
    told("undecided", `nothing newer than ${age}`, "mended so: attach AWSXRayDaemonWriteAccess"),
  );
});

test("DOC-3 a line of ten minutes ago, of a clock that is ahead, or without a zone still counts", async () => {
  expect(await read([SENT], () => Date.parse("2026-11-21T09:11:00Z"))).toMatchObject({ verdict: "pass" });
  expect(await read([SENT], () => Date.parse("2026-11-21T08:00:00Z"))).toMatchObject({ verdict: "pass" });
  const local = "2020-01-01 09:02:00 [ERROR] Error: connect ECONNREFUSED 127.0.0.1:2000";
  expect(await read([local])).toMatchObject({ verdict: "fail" });
});

test("DOC-3 E2 a pipe is neither waited for nor called empty, whichever option names it", async () => {
  const pipe = join(directory, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(await reading(pipe)).toMatchObject(told("undecided", "a pipe", "docker logs NAME > daemon.log"));
  expect(await lookOnce(collectorConfig, { collectorConfig: pipe })).toMatchObject(
    told("undecided", "a pipe", "to a file first"),
  );
  expect(await lookOnce(inbound, { entry: pipe })).toMatchObject(
    told("undecided", "a pipe", "name the file"),
  );
});

test("DOC-3 lines come from the end, across pieces, multi-byte characters and a missing last break", () => {
  const file = join(directory, "lines");
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${"ü€😀".repeat(index % 40)}.`);
  writeFileSync(file, lines.join("\n"));
  expect([...tailLines(file, Number.MAX_SAFE_INTEGER)]).toEqual([...lines].reverse());
  expect([...tailLines(file, 1000)].every((line) => lines.includes(line))).toBe(true);
});
