import { join } from "node:path";
import { Checkout } from "../support/checkout";
import type { Mutation } from "./mutation";

/** Milliseconds for one mutation: a jest run with an emulator in it. */
const TIMEOUT_MS = 120_000;

/** Declares a suite that puts each mistake back, one at a time, and expects its test to fail. */
export function describeMutations(title: string, mutations: readonly Mutation[]): void {
  describe(title, () => {
    let checkout: Checkout;
    beforeEach(() => {
      checkout = new Checkout();
    });
    afterEach(() => checkout.remove());

    test.each(mutations.map((one) => [one.defect, one.file, one] as const))(
      "%s in %s",
      (_defect, _file, mutation) => {
        checkout.edit(mutation.file, mutation.find, mutation.replace);
        const report = join(checkout.directory, "report.json");
        checkout.run(join(checkout.directory, "node_modules", ".bin", "jest"), [
          "--runInBand",
          "--json",
          `--outputFile=${report}`,
          mutation.test,
          "-t",
          mutation.name,
        ]);
        // A test that could not even start proves nothing: count failed assertions, not the exit code.
        const { numFailedTests } = checkout.readJson("report.json") as { numFailedTests: number };
        expect(numFailedTests).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
  });
}
