import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commentOn, type EnvironmentReports, MARKER } from "../../../tooling/pipeline/comment";
import { code } from "../../../tooling/pipeline/markdown";
import { differenceOf, plannedResources } from "../../../tooling/pipeline/planned-resources";
import type { Reports } from "../../../tooling/pipeline/report-files";
import { Checkout } from "../../support/checkout";

const NONE: Reports = { resources: undefined, check: undefined, rehearse: undefined, cost: undefined };
const SUMS = {
  fire: 9,
  cannot: 0,
  unknown: 0,
  detected: 42,
  undetected: 0,
  quiet: 27,
  paged: 0,
  undecided: 0,
};

const clean = (change: Partial<Reports> = {}): Reports => ({
  resources: { "aws_sns_topic.a": { name: "1", policy: "2" } },
  check: { rules: [] },
  rehearse: { sums: SUMS, alarms: [], scenarios: [] },
  cost: { netUsd: 20, lines: [{ item: "alarm-metric", service: "CloudWatch", netUsd: 20 }] },
  ...change,
});

const dev = (head: Reports, base: Reports): EnvironmentReports => ({ environment: "dev", head, base });

const finding = (found: string, more: { readonly acknowledged?: string } = {}) => ({
  rules: [
    {
      id: "log-retention",
      severity: "warning",
      findings: [{ outcome: "non-compliant", address: "aws_cloudwatch_log_group.a", found, ...more }],
    },
  ],
});

/** The overview's row of an environment. */
const rowOf = (comment: string): string =>
  comment.split("\n").find((line) => line.startsWith("| dev ")) ?? "";

describe("the comment on a pull request", () => {
  test("a change without consequences says so in one row, and folds nothing", () => {
    const comment = commentOn([dev(clean(), clean())]);
    expect(comment.startsWith(`${MARKER}\n`)).toBe(true);
    expect(rowOf(comment)).toBe(
      "| dev | 1 resource, none differs | nothing found | 9 of 9 alarms can fire, 42 of 42 faults page, 0 of 27 quiet days do | 20.00 USD a month, as before |",
    );
    expect(comment).not.toContain("<details>");
  });

  test("what differs is counted and listed, attributes by name and never by value", () => {
    const head = clean({
      resources: { "aws_sns_topic.a": { name: "1", policy: "3" }, "aws_sqs_queue.b": { name: "9" } },
      cost: { netUsd: 20.5, lines: [{ item: "alarm-metric", service: "CloudWatch", netUsd: 20.5 }] },
    });
    const comment = commentOn([dev(head, clean())]);
    expect(rowOf(comment)).toContain("2 resources: 1 more, 0 fewer, 1 changed");
    expect(comment).toContain("- added `aws_sqs_queue.b`\n- changed `aws_sns_topic.a`: `policy`");
    expect(rowOf(comment)).toContain("20.50 USD a month (**+0.50**)");
    expect(comment).toContain("| `alarm-metric` | 20.00 | 20.50 | +0.50 |");
  });

  test("cheaper is told with a minus", () => {
    const comment = commentOn([dev(clean(), clean({ cost: { netUsd: 21.25, lines: [] } }))]);
    expect(rowOf(comment)).toContain("(**−1.25**)");
  });

  test("findings stand out, acknowledged ones do not", () => {
    const comment = commentOn([dev(clean({ check: finding("no retention") }), clean())]);
    expect(rowOf(comment)).toContain("**1 found**, 0 could not be evaluated");
    expect(comment).toContain("- warning `log-retention` `aws_cloudwatch_log_group.a`: `no retention`");
    const accepted = finding("no retention", { acknowledged: "kept by law" });
    expect(rowOf(commentOn([dev(clean({ check: accepted }), clean())]))).toContain("nothing found");
  });

  test("a fault nobody would hear of stands out", () => {
    const rehearse = {
      sums: { ...SUMS, detected: 41, undetected: 1 },
      alarms: [{ name: "dev-a", kind: "cannot" }],
      scenarios: [{ id: "queue-fills", result: "undetected" }],
    };
    const comment = commentOn([dev(clean({ rehearse }), clean())]);
    expect(rowOf(comment)).toContain("**9 of 9 alarms can fire, 41 of 42 faults page");
    expect(comment).toContain("- `dev-a`: `cannot`\n- `queue-fills`: `undetected`");
  });

  test("reports that were not made are said to be missing, never to be fine", () => {
    expect(rowOf(commentOn([dev(NONE, NONE)]))).toBe("| dev | not made | not made | not made | not made |");
    const alone = rowOf(commentOn([dev(clean(), NONE)]));
    expect(alone).toContain("1 resource, nothing to compare with");
    expect(alone).toContain("20.00 USD a month, nothing to compare with");
  });

  test("nothing others wrote becomes a link, a mention, a table's border or HTML", () => {
    const hostile = "`</details> | @everyone [x](http://e.example) <img>\n# big";
    const comment = commentOn([dev(clean({ check: finding(hostile) }), clean())]);
    const line = comment.split("\n").find((one) => one.includes("everyone")) ?? "";
    expect(line).toMatch(/: `<\/details> +@everyone \[x\]\(http:\/\/e\.example\) <img> # big`$/);
    expect(comment.match(/<\/details>\n/g)).toHaveLength(1);
  });

  test.each([
    ["arn:aws:sns:eu-west-1:123456789012:a", "arn:aws:sns:eu-west-1:(account):a"],
    ["to ops@example.com", "to (address)"],
    ["AKIAIOSFODNN7EXAMPLE", "(access key)"],
    ["", "(empty)"],
  ])("%s is shown as %s", (text, shown) => {
    expect(code(text).replaceAll("`", "")).toBe(shown);
  });

  test("it fits into what GitHub takes, and says that there is more", () => {
    const resources = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`aws_sqs_queue.${"long_".repeat(20)}${index}`, {}]),
    );
    const many = Array.from({ length: 60 }, () => dev(clean({ resources }), clean()));
    const comment = commentOn(many);
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(comment).toMatch(/- and \d+ more\n/);
    expect(comment).toMatch(/The rest is in the reports kept with this run\.\n$/);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
  });
});

describe("planned resources", () => {
  const plan = (after: object | null) => ({
    resource_changes: [{ address: "a.b", change: { actions: ["create"], after } }],
  });

  test("hold digests, not values", () => {
    const planned = plannedResources(plan({ password: "hunter2", name: "a" }));
    expect(JSON.stringify(planned)).not.toContain("hunter2");
    expect(Object.keys(planned["a.b"] ?? {})).toEqual(["password", "name"]);
  });

  test("what is destroyed or unreadable is not planned", () => {
    expect([plan(null), {}, null, { resource_changes: [7] }].map(plannedResources)).toEqual([{}, {}, {}, {}]);
  });

  test("an attribute that came or went is a change", () => {
    const difference = differenceOf({ a: { x: "1" }, gone: {} }, { a: { y: "1" }, fresh: {} });
    expect(difference).toEqual({
      added: ["fresh"],
      removed: ["gone"],
      changed: [{ address: "a", attributes: ["x", "y"] }],
    });
  });
});

describe("npm run comment", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracewright-comment-"));
  const checkout = new Checkout();
  afterAll(() => {
    rmSync(folder, { recursive: true });
    checkout.remove();
  });
  const program = ["tooling/run.mjs", "tooling/pipeline/comment-cli.ts"];
  const run = (...args: readonly string[]) => checkout.run(process.execPath, [...program, ...args]);

  test("writes the comment from folders of reports; an empty report counts as not made", () => {
    mkdirSync(join(folder, "head", "dev"), { recursive: true });
    writeFileSync(join(folder, "head", "dev", "cost.json"), JSON.stringify({ netUsd: 3, lines: [] }));
    writeFileSync(join(folder, "head", "dev", "check.json"), "");
    const out = join(folder, "comment.md");
    const ended = run("--head", join(folder, "head"), "--base", join(folder, "base"), "--out", out);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(rowOf(readFileSync(out, "utf8"))).toContain("| not made | not made | not made | 3.00 USD a month");
  });

  test("a report that is none is named, with the place in it", () => {
    writeFileSync(join(folder, "head", "dev", "cost.json"), JSON.stringify({ netUsd: "3", lines: [] }));
    const ended = run("--head", join(folder, "head"), "--base", folder, "--out", join(folder, "c.md"));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/cost\.json: netUsd: found "3"; expected number\. Next step: /);
  });

  test("wrong usage ends with 2 and the help text", () => {
    expect(run("--head", folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Usage: npm run comment"),
    });
  });
});
