import { join } from "node:path";
import { loadEnvironments } from "../environments";
import { expectRefusal, SettingsFolder } from "./support/settings-folder";

describe("ALM-5 thresholdsFile", () => {
  let folder: SettingsFolder;
  beforeEach(() => {
    folder = new SettingsFolder();
  });
  afterEach(() => folder.remove());

  const REVIEWED = {
    threshold: 4000,
    old: 36_000,
    reason: "2 x p95 of the baseline",
    reviewedBy: "Ada",
    reviewedOn: "2026-11-21",
  };

  test("is read relative to the settings file, for its environment only", () => {
    folder.write({ prod: { "analysis-latency-warning": REVIEWED } }, "thresholds.json");
    folder.write({ prod: { thresholdsFile: "thresholds.json" } });
    const settings = loadEnvironments(folder.root, {});
    expect(settings.get("prod")?.thresholds).toEqual({ "analysis-latency-warning": REVIEWED });
    expect(settings.get("dev")).not.toHaveProperty("thresholds");
  });

  test.each<[string, unknown, string, string]>([
    ["prod", undefined, "nothing", "an object by alarm"],
    ["prod.nonsense", { nonsense: REVIEWED }, "an unknown alarm", "an alarm of the contract"],
    ["prod.critical-any", { "critical-any": REVIEWED }, "a composite alarm", "an alarm with a threshold"],
    [
      "prod.analysis-latency-warning.threshold",
      { "analysis-latency-warning": { ...REVIEWED, threshold: "4000" } },
      '"4000"',
      "a finite number",
    ],
    [
      "prod.analysis-latency-warning.reviewedBy",
      { "analysis-latency-warning": { ...REVIEWED, reviewedBy: " " } },
      '" "',
      "a text: every override is reviewed",
    ],
    [
      "prod.analysis-latency-warning.reviewedOn",
      { "analysis-latency-warning": { ...REVIEWED, reviewedOn: "2026-02-30" } },
      '"2026-02-30"',
      "a date YYYY-MM-DD",
    ],
    [
      "prod.analysis-latency-warning.by",
      { "analysis-latency-warning": { ...REVIEWED, by: "x" } },
      "an unknown key",
      "one of threshold",
    ],
  ])("%s of %j is refused by name", (key, prod, found, expected) => {
    const file = folder.write({ prod }, "thresholds.json");
    folder.write({ prod: { thresholdsFile: file } });
    expectRefusal(folder.refusal(), `${file}: ${key}`, found, expected);
  });

  test("a number too large for JSON is refused", () => {
    const text = JSON.stringify({ prod: { "analysis-latency-warning": REVIEWED } });
    const file = folder.write(text.replace("4000", "1e999"), "thresholds.json");
    folder.write({ prod: { thresholdsFile: file } });
    expectRefusal(
      folder.refusal(),
      `${file}: prod.analysis-latency-warning.threshold`,
      "null",
      "a finite number",
    );
  });

  test("a file that is not there is refused", () => {
    folder.write({ prod: { thresholdsFile: "gone.json" } });
    expectRefusal(folder.refusal(), join(folder.root, "gone.json"), "", "a JSON file");
  });
});
