import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { TerraformStack, Testing } from "cdktf";
import { GuardRails } from "../../modules/guard-rails";
import { ownFunction, ownQueue, ownStack } from "./own-stack";

function plainFunction(stack: TerraformStack): LambdaFunction {
  const role = new IamRole(stack, "role", { name: "plain", assumeRolePolicy: "{}" });
  return new LambdaFunction(stack, "plain", {
    functionName: "plain",
    role: role.arn,
    runtime: "nodejs22.x",
    handler: "index.handler",
    filename: "plain.zip",
  });
}

/** What synthesis of a stack reports; empty when it passes. */
function report(stack: TerraformStack): string {
  try {
    Testing.synth(stack, true);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("guard-rails on a stack of one's own", () => {
  test("a traced function passes, with or without a dead-letter queue", () => {
    for (const withQueue of [false, true]) {
      const stack = ownStack();
      ownFunction(
        stack,
        withQueue ? { failures: { kind: "dead-letter-queue", queue: ownQueue(stack) } } : {},
      );
      new GuardRails().protect(stack);
      expect(report(stack)).toBe("");
    }
  });

  test("a plain function is refused, with the rule, the path and what to do", () => {
    const stack = ownStack();
    plainFunction(stack);
    new GuardRails().protect(stack);
    const found = report(stack);
    for (const part of ["function-tracing", "mine/plain", "found:", "expected:", "next step:"]) {
      expect(found).toContain(part);
    }
    expect(found).toMatch(/function-xray-access: mine\/plain/);
    expect(found).toContain("missing xray:PutTraceSegments");
  });

  test("without guard-rails nothing is checked, so they are what refuses", () => {
    const stack = ownStack();
    plainFunction(stack);
    expect(report(stack)).toBe("");
  });

  test("a sound stack reports the violations of the others, so that neither is written", () => {
    const guardRails = new GuardRails();
    const sound = ownStack();
    ownFunction(sound);
    const broken = ownStack();
    plainFunction(broken);
    guardRails.protect(sound);
    guardRails.protect(broken);
    expect(report(sound)).toContain("function-tracing");
  });

  test("what two stacks break is told once, with their names and without advice to skip it", () => {
    const guardRails = new GuardRails();
    for (const id of ["blue", "green"]) {
      const stack = new TerraformStack(Testing.app(), id);
      plainFunction(stack);
      guardRails.protect(stack);
      if (id === "blue") continue;
      const found = report(stack);
      expect(found).not.toMatch(/skip/i);
      expect(found).toMatch(/violations of guard-rails; nothing was written\.$/);
      expect(found.match(/^\[blue\] function-tracing: blue\/plain/gm)).toHaveLength(1);
      expect(found.match(/^\[green\] function-tracing: green\/plain/gm)).toHaveLength(1);
    }
  });
});
