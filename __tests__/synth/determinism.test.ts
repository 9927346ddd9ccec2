import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";

const STACKS = "cdktf.out/stacks";

/** Makes every source file look freshly written. */
function touchSources(checkout: Checkout): void {
  const now = new Date();
  for (const folder of ["functions", "contract", "modules", "policies"]) {
    for (const file of checkout.files(folder)) utimesSync(join(checkout.directory, file), now, now);
  }
}

describe("A2 the same sources give the same bytes", () => {
  const first = new Checkout();
  const second = new Checkout();
  afterAll(() => {
    first.remove();
    second.remove();
  });

  test("A2 twice in one place, after touch, in another directory, time zone and locale", () => {
    expect(first.synth().code).toBe(0);
    const once = first.digests(STACKS);
    expect(Object.keys(once).filter((name) => name.endsWith("cdk.tf.json"))).toHaveLength(3);
    expect(Object.keys(once).filter((name) => name.endsWith(".zip"))).toHaveLength(18);

    touchSources(first);
    expect(first.synth().code).toBe(0);
    expect(first.digests(STACKS)).toEqual(once);

    expect(second.synth({ TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8" }).code).toBe(0);
    expect(second.digests(STACKS)).toEqual(once);
  });

  test("A2 npx cdktf synth writes what npm run synth writes, twice", () => {
    expect(first.synth().code).toBe(0);
    const fast = first.digests(STACKS);
    for (const attempt of [1, 2]) {
      const run = second.run(join(second.directory, "node_modules", ".bin", "cdktf"), ["synth"], {
        CHECKPOINT_DISABLE: "1",
        CI: "1",
      });
      expect({ attempt, code: run.code }).toEqual({ attempt, code: 0 });
      expect(second.digests(STACKS)).toEqual(fast);
    }
  });

  test("A2 nothing in the output names the place it was made in", () => {
    expect(first.synth().code).toBe(0);
    for (const file of first.files(STACKS).filter((name) => name.endsWith(".json"))) {
      expect(readFileSync(join(first.directory, file), "utf8")).not.toContain(first.directory);
    }
  });

  test("neither switch that turns checks off is used", () => {
    expect(process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"]).toBeUndefined();
    expect(readFileSync(join(first.directory, "main.ts"), "utf8")).not.toContain("skipValidation");
  });
});
