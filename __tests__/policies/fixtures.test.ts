import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourcesDigest } from "../../tooling/plan-fixtures";
import { FIXTURE_PLANS } from "../support/fixture-plans";

describe("fixture plans", () => {
  const names = readdirSync(FIXTURE_PLANS);

  test.each(names)("B2 %s is a real plan of the sources beside it", (name) => {
    const folder = join(FIXTURE_PLANS, name);
    const recorded = readFileSync(join(folder, "plan.sha256"), "utf8").trim();
    expect({ name, digest: recorded }).toEqual({ name, digest: sourcesDigest(folder) });
    const plan = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
    expect(plan.format_version).toMatch(/^1\./);
    expect(plan.configuration.provider_config.aws.full_name).toBe("registry.terraform.io/hashicorp/aws");
    expect(plan.errored).toBe(false);
  });
});
