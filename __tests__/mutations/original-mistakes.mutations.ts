import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { DASHBOARD_MUTATIONS } from "./dashboard";
import { FUNCTION_MUTATIONS } from "./functions";
import { INFRASTRUCTURE_MUTATIONS } from "./infrastructure";
import { PAGE_MUTATIONS } from "./page";
import { STREAMING_MUTATIONS } from "./streaming";

/** Milliseconds for one mutation: a jest run with an emulator in it. */
const TIMEOUT_MS = 120_000;

describe("A6 the original mistakes D1 D2 D3 D4 D5 D6 D8 D9 D10 D12 D13 D14 D15 D17 D18 D19 D23 D27 D29 D30 D31 D32 D34 D35 D36 D37, put back, are noticed", () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => checkout.remove());

  test.each(
    [
      ...FUNCTION_MUTATIONS,
      ...INFRASTRUCTURE_MUTATIONS,
      ...STREAMING_MUTATIONS,
      ...DASHBOARD_MUTATIONS,
      ...PAGE_MUTATIONS,
    ].map((one) => [one.defect, one.file, one] as const),
  )(
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
