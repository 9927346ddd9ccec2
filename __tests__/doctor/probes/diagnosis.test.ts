import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { forMachines } from "../../../doctor/diagnose/machines";
import { READ } from "../../../doctor/diagnose/options";
import { forPeople } from "../../../doctor/diagnose/people";
import { type Diagnosis, diagnose, exitOf, verdictOf } from "../../../doctor/probes/diagnosis";
import type { Finding, Probe } from "../../../doctor/probes/probe";
import { PROBES } from "../../../doctor/probes/registry";
import { surroundingsOf } from "../../../doctor/probes/surroundings";
import { tracewrightBeside } from "../../support/cli-beside";
import { tracewrightInside } from "../../support/cli-inside";
import { settings } from "./looking";

const surroundings = surroundingsOf(settings(), {});
const seen = { evidence: "it", found: "this", wanted: "that", fix: "do it" };

function probe(look: Probe["look"], more: Partial<Probe> = {}): Probe {
  return {
    id: "one",
    label: "One",
    why: "Because.",
    weight: "required",
    missing: () => undefined,
    look,
    ...more,
  };
}

const says = (verdict: Finding["verdict"], more: Partial<Probe> = {}) =>
  probe(async () => [{ ...seen, verdict }], more);

const run = (...probes: readonly Probe[]) => diagnose(probes, surroundings, () => undefined);

test.each([
  ["all pass", [says("pass")], 0],
  ["a warning", [says("pass"), says("warn")], 0],
  ["a required failure", [says("pass"), says("fail"), says("undecided")], 1],
  ["an advisory failure", [says("pass"), says("fail", { weight: "advisory" })], 0],
  ["a required one undecided", [says("pass"), says("undecided")], 3],
  ["an advisory one undecided", [says("pass"), says("undecided", { weight: "advisory" })], 0],
  ["all skipped", [says("pass", { missing: () => "--x" })], 3],
] as const)("DOC-3 with %s the exit code tells", async (_title, probes, expected) => {
  expect(exitOf(await run(...probes))).toBe(expected);
});

test("DOC-3 one probe that throws or hangs leaves the others' answers alone", async () => {
  const broken = probe(async () => Promise.reject(new TypeError("oh")));
  const hanging = probe(() => new Promise(() => undefined), { limitMs: 30 });
  const [first, second, third] = await run(broken, hanging, says("pass"));
  expect(first?.findings).toMatchObject([{ verdict: "undecided", found: "TypeError: oh" }]);
  expect(second?.findings).toMatchObject([{ verdict: "undecided", found: "no answer within 0.03 s" }]);
  expect(third === undefined ? undefined : verdictOf(third)).toBe("pass");
});

test("DOC-3 says after two seconds what it waits for", async () => {
  jest.useFakeTimers();
  const told: (readonly string[])[] = [];
  const slow = probe(() => new Promise(() => undefined), { label: "Slow" });
  const all = diagnose([slow, says("pass")], surroundings, (labels) => told.push(labels));
  await jest.advanceTimersByTimeAsync(10_000);
  jest.useRealTimers();
  expect(await all).toHaveLength(2);
  expect(told[0]).toEqual(["Slow"]);
  expect(told.length).toBeGreaterThanOrEqual(4);
});

test("DOC-3 what steers a terminal is escaped in JSON, and no value changes", async () => {
  const found = "name \u009b31m \u202e";
  const text = forMachines(await run(probe(async () => [{ ...seen, found, verdict: "fail" }])));
  expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
  expect(JSON.parse(text)).toMatchObject({ probes: [{ findings: [{ found }] }] });
});

test("DOC-3 every probe is bounded and says what it is for", () => {
  for (const key of ["id", "label"] as const)
    expect(new Set(PROBES.map((one) => one[key])).size).toBe(PROBES.length);
  for (const { id, label, why, limitMs = 10_000 } of PROBES) {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(label.length).toBeGreaterThan(3);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(limitMs).toBeLessThanOrEqual(id === "test-segment" ? 45_000 : 10_000);
  }
});

test("DOC-3 every row of the requirement's table has its probes", () => {
  const ids = PROBES.map(({ id }) => id);
  const rows = {
    credentials: ["credentials", "clock", "region"],
    permissions: ["permissions"],
    daemon: ["daemon-address", "daemon-udp", "daemon-tcp"],
    "daemon log": ["daemon-log"],
    "debug mode": ["debug-mode"],
    "test segment": ["test-segment"],
    "outbound vs inbound": ["inbound"],
    "service name": ["service-name"],
    "tracing mode, missing downstream, too many traces, broken chain": [
      "tracing-mode",
      "function-variables",
      "wrapped-clients",
      "header-hops",
      "raw-delivery",
      "chain",
      "sampling",
    ],
    collector: ["collector", "collector-config"],
  };
  for (const wanted of Object.values(rows)) expect(ids).toEqual(expect.arrayContaining(wanted));
});

test("DOC-3 no probe can change anything but the one that says so", () => {
  const writes = /\b(?:Put|Update|Delete|Create|Set|Tag|Publish|Send|Invoke|Attach|Detach)\w+Command\b/;
  const folder = resolve("doctor", "probes");
  const writing = readdirSync(folder).filter((file) =>
    writes.test(readFileSync(resolve(folder, file), "utf8")),
  );
  expect(writing).toEqual(["test-segment.ts"]);
});

describe("DOC-3 for people", () => {
  const terminal = {
    width: 60,
    out: () => undefined,
    progress: () => undefined,
    paint: (style: unknown, text: string) => `<${style}>${text}</>`,
  };

  test("colour says no more than the words, code keeps its lines, long words are not cut", () => {
    const finding: Finding = {
      ...seen,
      about: "thing",
      verdict: "fail",
      fix: `do ${"this ".repeat(20)}\n  const a = 1;`,
    };
    const diagnosis: Diagnosis = { probe: says("fail", { weight: "advisory" }), findings: [finding] };
    const skipped: Diagnosis = { probe: says("pass"), findings: [], enable: "--x Y" };
    const text = forPeople(terminal, [diagnosis, skipped], false);
    expect(text).toContain("<red>fail     </>  One: thing (advisory)");
    expect(text).toContain(`\n${" ".repeat(22)}  const a = 1;\n`);
    expect(text).toContain("<dim>skipped  </>  One  --x Y");
    const plain = text.replace(/<\/?\w*>/g, "");
    for (const line of plain.split("\n").filter((one) => one.includes("this")))
      expect(line.length).toBeLessThanOrEqual(62);
  });

  test("nothing that was found can steer the terminal", () => {
    const found = "\u001b[2Jgone \u009b1m\u0007\r";
    const finding: Finding = { ...seen, about: found, found, verdict: "fail" };
    const text = forPeople(terminal, [{ probe: says("fail"), findings: [finding] }], false);
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).toContain("gone");
  });

  test("what passed is told in full only when asked", async () => {
    const all = await run(says("pass"));
    expect(forPeople(terminal, all, false)).not.toContain("Because.");
    expect(forPeople(terminal, all, true)).toContain("Because.");
  });
});

describe("DOC-3 the command", () => {
  test.each([
    ["role", "orders", "expected the ARN of a role"],
    ["topic", "orders", "expected the ARN of a topic"],
    ["function", "a b", "expected the name or ARN"],
    ["url", "example.com", "begins with https://"],
    ["url", "file:///etc/passwd", "begins with https://"],
    ["collector", "localhost:4318", "begins with https://"],
    ["request", "https://api.example.com/orders", "expected a method and an address"],
  ] as const)("refuses --%s %s", (option, text, words) => {
    expect(() => READ[option](text, [])).toThrow(words);
  });

  test("refuses a probe that does not exist, and names those that do", async () => {
    const { code, stderr } = await tracewrightInside(["doctor", "--only", "none"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--only none: found no probe of that name; expected credentials, clock");
  });

  test("with nothing to look at says so and how to enable each", async () => {
    const { code, stdout } = await tracewrightInside([
      "doctor",
      "--only",
      "daemon-log",
      "--only",
      "collector-config",
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain("skipped    Daemon's log               --daemon-log FILE");
  });

  test("without credentials says so in words, with what to do", async () => {
    const variables = {
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/none",
      AWS_SHARED_CREDENTIALS_FILE: "/none",
    };
    const only = ["--only", "credentials", "--only", "tracing-mode", "--function", "orders"];
    const { code, stdout, stderr } = await tracewrightBeside(["doctor", ...only], variables);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^fail {7}AWS credentials\n[\s\S]*found {6}CredentialsProviderError[\s\S]*fix {8}run aws sso login/m,
    );
    expect(stdout).toMatch(/^undecided {2}Tracing mode: orders/m);
    expect(stdout + stderr).not.toMatch(/^ {4}at /m);
  });

  test("explains itself with examples", async () => {
    const { code, stdout } = await tracewrightInside(["doctor", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("tracewright doctor --region eu-west-1 --function");
    expect(stdout.replace(/\s+/g, " ")).toContain("Only --send-test-segment writes");
  });
});
