import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { AGEING } from "../../contract/ageing";
import { TraceArchive } from "../../modules/trace-archive";
import { prepareOffline } from "../../tooling/plan/offline";
import { providerSource } from "../../tooling/plan/provider-mirror";
import { terraformIn } from "../../tooling/plan/terraform";
import { ownStack } from "../modules/own-stack";
import { describeWith } from "../support/tools";

describeWith(["terraform"], "DOC-6 the bucket of a trace archive, planned by the real provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracewright-archive-plan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("DOC-6 plans offline without a warning", async () => {
    const stack = ownStack();
    stack.addOverride("terraform.required_providers.aws.version", AGEING.awsProvider.value);
    new TraceArchive(stack, "archive", { bucketName: "acme-traces" });
    const [source, target] = [join(folder, "stack"), join(folder, "plan")];
    mkdirSync(source);
    writeFileSync(join(source, "cdk.tf.json"), Testing.synth(stack));
    prepareOffline(source, target);
    rmSync(join(target, "example.auto.tfvars.json"));
    const { variables } = await providerSource(process.env, join(folder, "mirror"));
    const terraform = terraformIn(target, variables);
    expect(await terraform("init", "-input=false", "-no-color")).toMatchObject({ code: 0, stderr: "" });
    const plan = await terraform("plan", "-input=false", "-no-color");
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(plan.stdout).toContain("Plan: 6 to add, 0 to change, 0 to destroy.");
    expect(plan.stdout).not.toContain("Warning");
    expect(plan.stdout).toMatch(/tag \{\s*\+ key {3}= "tracewright"/);
  });
});
