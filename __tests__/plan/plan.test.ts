import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { describeWith } from "../support/tools";

const CLI = ["tooling/run.mjs", "tooling/plan/cli.ts"];

describeWith(["terraform"], "A1 a real plan by the real provider, offline", () => {
  const checkout = new Checkout();
  afterAll(() => checkout.remove());
  const plan = (...args: readonly string[]) =>
    checkout.run(process.execPath, [...CLI, ...args], { TF_CLI_CONFIG_FILE: "/nowhere/.terraformrc" });

  test.each([
    ["dev", 10],
    ["preprod", 71],
    ["prod", 101],
  ])("A1 %s plans with %d alarms and no warning", (environment, alarms) => {
    const run = plan("--environment", environment, "--json");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).not.toMatch(/warning|Unable to open CLI configuration/i);
    const summary = JSON.parse(run.stdout);
    expect(summary.chain).toEqual({ metrics: 64, grants: 6, alarms, widgets: alarms });
    const { resources } = summary;
    expect(
      (resources.aws_cloudwatch_metric_alarm ?? 0) + (resources.aws_cloudwatch_composite_alarm ?? 0),
    ).toBe(alarms);
    expect(resources.aws_lambda_function).toBe(7);
    expect(
      existsSync(join(checkout.directory, "cdktf.out/stacks", environment, "offline_override.tf.json")),
    ).toBe(false);
    const lock = readFileSync(
      join(checkout.directory, "build/plan", environment, ".terraform.lock.hcl"),
      "utf8",
    );
    expect(lock).toContain('version     = "5.100.0"');
  });

  test("A1 figures for people name the chain, the tiers, the bundles and the files", () => {
    const run = plan();
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/Plan for dev: \d+ resources to create/);
    expect(run.stdout).toContain("64 metrics → 6 grants → 10 alarms → 10 on the board");
    expect(run.stdout).toContain("essential 10, standard 71, full 101");
    expect(run.stdout).toMatch(/ingestion \d{2,} KiB/);
    for (const file of run.stdout.match(/^ {2}\S+\.json$/gm) ?? []) {
      expect(existsSync(join(checkout.directory, file.trim()))).toBe(true);
    }
  });

  test("a guard-rail violation stops the plan with its own words", () => {
    const broken = new Checkout();
    broken.edit("modules/alarm.ts", "alarmActions: [...props.topicArns]", "alarmActions: []");
    const run = broken.run(process.execPath, CLI);
    broken.remove();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("alarm-action");
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("npm run plan, when something is missing", () => {
  const checkout = new Checkout();
  afterAll(() => checkout.remove());

  test("without Terraform it says how to get it", () => {
    const run = checkout.run(process.execPath, CLI, { PATH: "/nowhere" });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("https://developer.hashicorp.com/terraform/install");
  });

  test("with an empty mirror it says where it looked and what to do", () => {
    const run = checkout.run(process.execPath, CLI, {
      TRACEWRIGHT_PROVIDER_MIRROR: checkout.directory,
      TF_CLI_CONFIG_FILE: "",
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`looked in ${checkout.directory}`);
    expect(run.stderr).toContain("TRACEWRIGHT_PROVIDER_MIRROR=DIR");
  });

  test.each([
    [["--environment", "production"], "expected one of dev, preprod, prod"],
    [["--wrong"], "--wrong"],
  ])("wrong usage %j ends with 2 and the help text", (args, words) => {
    const run = checkout.run(process.execPath, [...CLI, ...args]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(words);
    expect(run.stderr).toContain("Usage: npm run plan");
  });

  test("--help ends with 0", () => {
    const run = checkout.run(process.execPath, [...CLI, "--help"]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("Exit codes");
  });
});
