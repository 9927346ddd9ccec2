import fc from "fast-check";
import {
  DEPLOYMENT_ORDER,
  DEPLOYMENT_STEPS,
  type DeploymentStepKey,
} from "../../../contract/deployment-order";
import { ENVIRONMENTS } from "../../../contract/names";
import { orderFaults } from "../../../doctor/gates/deployment-order";
import type { Resource } from "../../../policies/terraform/model";
import { tracewright } from "../../support/cli";
import { model } from "../../support/synthesized";

const after = (step: DeploymentStepKey): readonly DeploymentStepKey[] => DEPLOYMENT_STEPS[step].after;

describe("DEP-1 the order as data", () => {
  test("holds as it is written, so it has no circle", () => {
    expect(orderFaults(DEPLOYMENT_ORDER)).toEqual([]);
  });

  test("DEP-2 R-44 what requirements say of it", () => {
    const needs = (step: DeploymentStepKey): ReadonlySet<string> =>
      new Set(after(step).flatMap((one) => [one, ...needs(one)]));
    expect([...needs("tracer")].sort()).toEqual(["permissions", "quota"]);
    expect(needs("client")).toContain("cors");
    expect(needs("canary")).not.toContain("sampling");
    for (const step of ["gates", "canary"]) expect(needs("logging-removal")).toContain(step);
    expect(needs("audit").size).toBe(DEPLOYMENT_ORDER.length - 1);
  });
});

describe("DEP-1 the checker", () => {
  test("accepts every shuffle that keeps the edges, and refuses every other", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...DEPLOYMENT_ORDER]), (steps) => {
        const kept = steps.every((step, at) => after(step).every((one) => steps.slice(0, at).includes(one)));
        expect(orderFaults(steps).length === 0).toBe(kept);
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, readonly string[], string]>([
    ["loggers removed before the gates", ["logging-removal"], "needs gates first"],
    ["a client before CORS", ["permissions", "client", "cors"], "needs cors first"],
    ["code before its permissions", ["quota", "tracer"], "needs permissions first"],
    ["a step twice", ["quota", "quota"], "comes a second time"],
    ["a step nobody knows", ["rollout"], "is no step; expected one of quota"],
  ])("refuses %s", (_, steps, why) => {
    expect(orderFaults(steps).map((fault) => fault.why)).toContainEqual(expect.stringContaining(why));
  });

  test("exits by verdict", () => {
    expect(tracewright(["gate", "order", "quota", "permissions", "tracer"])).toMatchObject({ code: 0 });
    const { code, stdout } = tracewright(["gate", "order", "tracer"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "failed  tracer needs quota, permissions first\n" });
  });
});

describe.each(ENVIRONMENTS)("DEP-1 Terraform's own edges in %s", (environment) => {
  const { resources } = model(environment);
  const ofType = (type: string) => resources.filter((one) => one.type === type);
  const waitsFor = (one: Resource) => JSON.stringify(one.values["depends_on"] ?? []);

  test("permissions come before the code that needs them", () => {
    for (const one of ofType("aws_lambda_function")) {
      expect(waitsFor(one)).toContain("aws_iam_role_policy_attachment");
      expect(waitsFor(one)).toMatch(/xray-attachment/);
    }
  });

  test("a function may be invoked before its schedule starts it", () => {
    const schedules = ofType("aws_cloudwatch_event_rule").filter((one) => one.values["schedule_expression"]);
    expect(schedules.length).toBeGreaterThan(0);
    for (const one of schedules) expect(waitsFor(one)).toContain("aws_lambda_permission");
  });
});
