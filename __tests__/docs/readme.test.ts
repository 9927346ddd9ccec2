import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { alarmsOfTier } from "../../contract/alarms/catalogue";
import { TIERS } from "../../contract/alarms/definition";
import { Checkout } from "../support/checkout";
import { tracewright } from "../support/cli";
import { FIXTURE_PLANS } from "../support/fixture-plans";

const ROOT = resolve(__dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

describe("README.md", () => {
  test("every npm command it and CONTRIBUTING name exists", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const text = README + readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? "");
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands.filter((name) => name !== "")) expect(scripts).toHaveProperty([command]);
  });

  test("every file it links exists", () => {
    const links = [...README.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
    for (const link of links)
      expect({ link, there: existsSync(join(ROOT, link)) }).toEqual({ link, there: true });
  });

  test("its alarm counts are those of the contract", () => {
    for (const tier of TIERS) expect(README).toContain(`\`${tier}\` ${alarmsOfTier("dev", tier).length}`);
  });

  test("B3 what it quotes of the application that made us start is what a rehearsal says", () => {
    const register = join(FIXTURE_PLANS, "register");
    const args = ["rehearse", join(register, "plan.json"), "--knowledge", join(register, "knowledge.json")];
    const said = /^.* alarms can fire, .* promised faults detected/m.exec(tracewright(args).stdout)?.[0];
    expect(said).toBeDefined();
    expect(README).toContain(`\`\`\`\n${said}\n\`\`\``);
  });

  const code = /```ts\n([\s\S]*?)```/.exec(README)?.[1] ?? "";

  test("its construct example synthesizes under guard-rails", () => {
    const checkout = new Checkout();
    writeFileSync(join(checkout.directory, "function.zip"), "zip");
    checkout.write(
      "example.ts",
      code.replace("/path/to/function.zip", join(checkout.directory, "function.zip")),
    );
    const run = checkout.run(process.execPath, ["tooling/run.mjs", "example.ts"]);
    const written = existsSync(join(checkout.directory, "cdktf.out/stacks/orders/cdk.tf.json"));
    checkout.remove();
    expect({ code: run.code, stderr: run.stderr, written }).toEqual({ code: 0, stderr: "", written: true });
  });

  test("a zip that is not there is told by construct, without a stack trace", () => {
    const checkout = new Checkout();
    checkout.write("example.ts", code);
    const run = checkout.run(process.execPath, ["tooling/run.mjs", "example.ts"]);
    checkout.remove();
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toBe(
      'orders/checkout: found code.zipPath = "/path/to/function.zip", which is not there; expected the zip ' +
        "of the function. Next step: build it first, or correct code.zipPath.\n",
    );
  });

  test("a mistake in its construct example is told by construct, without a stack trace", () => {
    const checkout = new Checkout();
    checkout.write("example.ts", code.replace("timeoutSeconds: 10", "timeoutSeconds: 0"));
    const run = checkout.run(process.execPath, ["tooling/run.mjs", "example.ts"]);
    checkout.remove();
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^orders\/checkout/);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});
