import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_ACCOUNT } from "../../tooling/plan/offline";
import { providerSource } from "../../tooling/plan/provider-mirror";
import { terraformIn } from "../../tooling/plan/terraform";
import { Checkout } from "../support/checkout";
import { tracewrightHere } from "../support/cli-here";
import { describeWith } from "../support/tools";

const EXAMPLE = ["tooling/run.mjs", "examples/ecs-sidecar.ts"];
const DIGEST = { SIDECAR_DIGEST: `sha256:${"a".repeat(64)}` };

const checkout = new Checkout();
afterAll(() => checkout.remove());

test("E6 DOC-1 without a digest the example is refused, in words", () => {
  const run = checkout.run(process.execPath, EXAMPLE);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/checkout-daemon\/tracing: found no digest of .*aws-xray-daemon/);
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

describeWith(["terraform"], "E6 the ECS example, planned by the real provider", () => {
  beforeAll(() => {
    expect(checkout.run(process.execPath, EXAMPLE, DIGEST)).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(["checkout-daemon", "checkout-collector"])(
    "E6 DOC-1 %s plans offline, and check finds nothing",
    async (name) => {
      const stack = join(checkout.directory, "cdktf.out", "stacks", name);
      writeFileSync(
        join(stack, "offline_override.tf.json"),
        JSON.stringify({ terraform: { backend: { local: {} } }, provider: { aws: NO_ACCOUNT } }),
      );
      const source = await providerSource(process.env, checkout.directory);
      const terraform = terraformIn(stack, source.variables);
      expect(await terraform("init", "-input=false", "-no-color")).toMatchObject({ code: 0 });
      const planned = await terraform(
        "plan",
        "-input=false",
        "-no-color",
        "-refresh=false",
        "-lock=false",
        "-out=p",
      );
      expect(planned).toMatchObject({ code: 0, stderr: "" });
      expect(planned.stdout).not.toMatch(/Warning/);
      const plan = join(stack, "plan.json");
      writeFileSync(plan, (await terraform("show", "-json", "p")).stdout);
      const checked = await tracewrightHere(["check", plan, "--configuration", join(stack, "cdk.tf.json")]);
      expect(checked.stdout).toMatch(/0 errors, 0 warnings, 0 notes, 0 could not be evaluated/);
      expect(checked.code).toBe(0);
    },
  );
});
