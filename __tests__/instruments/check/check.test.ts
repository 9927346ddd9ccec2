import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "sarif";
import { knowledgeOf } from "../../../policies/known";
import { PLAN_RULES } from "../../../policies/rules/registry";
import { GROUPS } from "../../../policies/rules/rule";
import { tracewright } from "../../support/cli";
import { FIXTURE_PLANS } from "../../support/fixture-plans";
import { synthesize } from "../../support/synthesized";

const PLAN = join(FIXTURE_PLANS, "several-modules", "plan.json");
const scratch = mkdtempSync(join(tmpdir(), "tracewright-check-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(scratch, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

interface JsonReport {
  readonly rules: readonly {
    readonly id: string;
    readonly result: string;
    readonly findings: readonly {
      readonly outcome: string;
      readonly address: string;
      readonly acknowledged?: string;
    }[];
  }[];
  readonly staleAcknowledgements: readonly unknown[];
}

function json(...args: readonly string[]): { report: JsonReport; code: number | null } {
  const { stdout, code } = tracewright(["check", ...args, "--json"]);
  return { report: JSON.parse(stdout) as JsonReport, code };
}

const UNTRACED = 'module.child.aws_lambda_function.f["a"]';

describe("tracewright check", () => {
  test("B1 our own stacks have no finding and leave nothing undecided, in every environment", () => {
    for (const environment of ["dev", "preprod", "prod"] as const) {
      const path = file(`${environment}.json`, synthesize(environment));
      const knowledge = file(`${environment}-knowledge.json`, knowledgeOf(environment));
      const { stdout, code } = tracewright(["check", path, "--knowledge", knowledge]);
      expect(stdout).toContain("0 errors, 0 warnings, 0 notes, 0 could not be evaluated, 0 acknowledged");
      expect(code).toBe(0);
      // Without knowledge nothing is wrong either, but what code emits cannot be known.
      expect(tracewright(["check", path]).code).toBe(3);
    }
  });

  test("B6 findings are grouped for people, with found, expected and next step, and exit 1", () => {
    const { stdout, stderr, code } = tracewright(["check", PLAN]);
    expect(code).toBe(1);
    expect(stderr).toBe("");
    expect(stdout).toContain("Traces that stop or never start");
    expect(stdout).toContain(`error ${UNTRACED}`);
    expect(stdout).toMatch(/found: {5}tracing mode is absent\n {6}expected: {2}Active\n {6}next step: set/);
    expect(stdout).toContain(`could not evaluate ${UNTRACED}`);
    expect(stdout).not.toContain("\u001b[");
  });

  test("B6 --json holds every rule with its result, also those that do not apply", () => {
    const { report, code } = json(PLAN);
    expect(code).toBe(1);
    expect(report.rules.map(({ id }) => id)).toEqual(PLAN_RULES.map(({ id }) => id));
    const results = Object.fromEntries(report.rules.map(({ id, result }) => [id, result]));
    expect(results).toMatchObject({
      "function-tracing": "non-compliant",
      "forbidden-variables": "could-not-evaluate",
      "alarm-action": "compliant",
      "log-retention": "not-applicable",
    });
  });

  test("could not evaluate alone is exit 3, never a silent pass", () => {
    const path = file("unknown.json", {
      resource: {
        aws_lambda_function: {
          f: {
            function_name: "f",
            tracing_config: { mode: "Active" },
            environment: { variables: "${local.variables}" },
            role: "${var.role}",
          },
        },
      },
    });
    const { stdout, code } = tracewright(["check", path]);
    expect(stdout).toContain("0 errors, 0 warnings");
    expect(stdout).toContain("could not evaluate aws_lambda_function.f");
    expect(code).toBe(3);
  });

  test("--fail-on moves the severity that fails", () => {
    const quiet = file("warned.json", {
      resource: { aws_cloudwatch_log_group: { g: { name: "g" } } },
    });
    expect(tracewright(["check", quiet]).code).toBe(1);
    expect(tracewright(["check", quiet, "--fail-on", "error"]).code).toBe(0);
    expect(tracewright(["check", PLAN, "--fail-on", "never"]).code).toBe(3);
    const wrong = tracewright(["check", quiet, "--fail-on", "loud"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("error, warning, note, never");
  });

  test("an acknowledged finding is listed with its reason and no longer fails", () => {
    const groups = file("groups.json", { resource: { aws_cloudwatch_log_group: { g: { name: "g" } } } });
    const acknowledged = file("accepted.json", {
      acknowledged: [
        {
          rule: "log-retention",
          address: "aws_cloudwatch_log_group.g",
          reason: "audit logs are kept by law",
        },
      ],
    });
    const { stdout, code } = tracewright(["check", groups, "--acknowledgements", acknowledged]);
    expect(code).toBe(0);
    expect(stdout).toContain("Acknowledged");
    expect(stdout).toContain("log-retention aws_cloudwatch_log_group.g: audit logs are kept by law");
    expect(stdout).toContain("1 acknowledged");
    const { report } = json(groups, "--acknowledgements", acknowledged);
    expect(report.rules.flatMap((rule) => rule.findings)).toMatchObject([
      { acknowledged: "audit logs are kept by law" },
    ]);
  });

  test("an acknowledgement of something that is not there is listed as stale", () => {
    const acknowledged = file("stale.json", {
      acknowledged: [
        { rule: "function-tracing", address: "aws_lambda_function.gone", reason: "it was there once" },
      ],
    });
    expect(tracewright(["check", PLAN, "--acknowledgements", acknowledged]).stdout).toContain(
      "function-tracing aws_lambda_function.gone: matches no finding, remove it",
    );
    expect(json(PLAN, "--acknowledgements", acknowledged).report.staleAcknowledgements).toHaveLength(1);
  });

  test.each([
    [
      "without reason",
      { acknowledged: [{ rule: "function-tracing", address: "a.b" }] },
      "acknowledged.0.reason: found nothing",
    ],
    [
      "with an empty reason",
      { acknowledged: [{ rule: "function-tracing", address: "a.b", reason: "   ok      " }] },
      "a reason of at least 10 characters",
    ],
    [
      "with an unknown rule",
      { acknowledged: [{ rule: "nope", address: "a.b", reason: "because we say so" }] },
      'found rule "nope"',
    ],
    ["with an unknown key", { acknowledged: [], ignored: [] }, "ignored: found an unknown key"],
    [
      "twice the same",
      {
        acknowledged: Array(2).fill({
          rule: "function-tracing",
          address: "a.b",
          reason: "because we say so",
        }),
      },
      "acknowledged.1: found function-tracing a.b a second time",
    ],
    ["that is truncated", '{"acknowledged": [', "is not JSON at line 1"],
  ])("an acknowledgement file %s is refused", (_title, content, message) => {
    const path = file("bad.json", content);
    const ended = tracewright(["check", PLAN, "--acknowledgements", path]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain("Next step:");
    expect(ended.stdout).toBe("");
  });

  test("SARIF names every rule, fails findings, opens the undecided and suppresses the acknowledged", () => {
    const path = join(scratch, "out.sarif");
    const acknowledged = file("one.json", {
      acknowledged: [{ rule: "function-tracing", address: UNTRACED, reason: "traced by its caller" }],
    });
    tracewright(["check", PLAN, "--sarif", path, "--acknowledgements", acknowledged]);
    const log = JSON.parse(readFileSync(path, "utf8")) as Log;
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(PLAN_RULES.map(({ id }) => id));
    const results = run?.results ?? [];
    for (const one of results) {
      expect(run?.tool.driver.rules?.[one.ruleIndex ?? -1]?.id).toBe(one.ruleId);
      expect(one.kind === "open" ? one.level : "none").toBe("none");
      expect(one.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(PLAN);
    }
    const suppressed = results.filter((one) => one.suppressions !== undefined);
    expect(suppressed).toMatchObject([
      { ruleId: "function-tracing", suppressions: [{ justification: "traced by its caller" }] },
    ]);
    expect(results.some((one) => one.kind === "open" && one.ruleId === "forbidden-variables")).toBe(true);
    const prints = results.map((one) => one.partialFingerprints?.["ruleAndAddress/v1"]);
    expect(new Set(prints).size).toBe(prints.length);
  });

  test("--explain says what a rule wants and why, and helps with a wrong id", () => {
    const known = tracewright(["check", "--explain", "function-tracing"]);
    expect(known.code).toBe(0);
    expect(known.stdout).toContain("Every Lambda function has tracing_config.mode = Active.");
    expect(known.stdout).toContain(GROUPS.tracing);
    const unknown = tracewright(["check", "--explain", "function-traces"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("function-tracing");
  });

  test("--rules lists every rule once", () => {
    const { stdout } = tracewright(["check", "--rules"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(PLAN_RULES.map(({ id }) => id));
  });

  test("B6 --help shows an example and the exit codes; wrong usage is exit 2 without a stack trace", () => {
    const help = tracewright(["check", "--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("terraform show -json p > plan.json");
    expect(help.stdout).toContain("Exit codes: 0 nothing to do");
    for (const args of [
      ["check"],
      ["check", "none.json"],
      ["check", PLAN, "--loud"],
      ["chekc"],
      ["check", PLAN, "--max-alarms", "-1"],
    ]) {
      const ended = tracewright(args);
      expect([args, ended.code]).toEqual([args, 2]);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
      expect(ended.stderr.trim()).not.toBe("");
    }
  });

  test("it works from any directory, on a relative path", () => {
    file("here.json", synthesize("dev"));
    file("knows.json", knowledgeOf("dev"));
    const ended = tracewright(["check", "here.json", "--knowledge", "knows.json"], { cwd: scratch });
    expect(ended.code).toBe(0);
  });
});
