import { alarmCatalogue } from "../../contract/alarms/catalogue";
import type { Series } from "../../contract/alarms/definition";
import { FAILURE_PATH_DIMENSIONS, FAILURE_PATHS } from "../../contract/failure-paths";
import { METRIC_NAMES, METRICS, metric } from "../../contract/metrics";
import { ENVIRONMENTS } from "../../contract/names";
import { functionName, SERVICE_KEYS } from "../../contract/services";
import { VENDORS } from "../../contract/vendors";

const NAMESPACE = "SentimentAnalyzer/Reliability";

describe.each(ENVIRONMENTS)("ALM-2 metrics and alarms of %s", (environment) => {
  const watched = alarmCatalogue(environment)
    .flatMap(({ signal }): readonly Series[] => {
      if (signal.kind === "metric") return [signal.series];
      return signal.kind === "math" ? Object.values(signal.series) : [];
    })
    .filter((series) => series.namespace === NAMESPACE);

  test.each(METRIC_NAMES)("ALM-2 %s is alarmed itself, or through the metric emitted with it", (name) => {
    const through = metric(name).alarmedThrough;
    expect(watched.map((series) => series.name)).toContain(through ?? name);
    if (through === undefined) return;
    expect(metric(through).emitters).toEqual(expect.arrayContaining([...metric(name).emitters]));
    if (through !== "SilentFailure/Count") {
      expect(metric(through).dimensionSets).toEqual(metric(name).dimensionSets);
      return;
    }
    const paths = Object.values(FAILURE_PATHS).filter((path) => path.metric === name);
    const covered = watched.map((series) => series.dimensions["FailurePath"]);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(covered).toContain(path.dimension);
  });

  test("ALM-2 every alarm reads a metric that is emitted, with a dimension set that is emitted", () => {
    expect(watched.length).toBeGreaterThan(0);
    for (const series of watched) {
      const found = METRIC_NAMES.find((name) => name === series.name);
      expect([series.name, found]).toEqual([series.name, series.name]);
      const sets = found === undefined ? [] : metric(found).dimensionSets;
      expect(sets.map((set) => [...set].sort())).toContainEqual(Object.keys(series.dimensions).sort());
    }
  });

  test("ALM-2 IAM-4 drift is watched for every function, and speaks of none by another name", () => {
    const drift = watched.filter((series) => series.name === "IAMPolicyDrift");
    expect(drift.map(({ dimensions }) => dimensions["FunctionName"])).toEqual(
      SERVICE_KEYS.map((service) => functionName(environment, service)),
    );
  });

  test("ALM-2 every value of a closed dimension is watched", () => {
    const values = (name: string, key: string) => [
      ...new Set(
        watched.filter((series) => series.name === name).flatMap((series) => series.dimensions[key] ?? []),
      ),
    ];
    for (const name of ["VendorApiCalls", "VendorApiErrors", "VendorSkipped", "CircuitBreakerOpen"]) {
      expect(values(name, "Vendor").sort()).toEqual([...VENDORS].sort());
    }
    expect(values("SilentFailure/Count", "FailurePath").sort()).toEqual([...FAILURE_PATH_DIMENSIONS].sort());
  });

  test("dimensions name this environment and no other", () => {
    for (const series of watched) {
      expect([environment, undefined]).toContain(series.dimensions["Environment"]);
    }
  });
});

describe("the registry of metrics", () => {
  test("there is one namespace, every metric has an emitter, and dimensions do not repeat", () => {
    for (const name of METRIC_NAMES) {
      const { namespace, emitters, dimensionSets } = metric(name);
      expect(namespace).toBe(NAMESPACE);
      expect(emitters.length).toBeGreaterThan(0);
      expect(dimensionSets.length).toBeGreaterThan(0);
      for (const set of dimensionSets) expect(new Set(set).size).toBe(set.length);
    }
  });

  test("every metric of a failure path is emitted by the functions that own such a path", () => {
    for (const path of Object.values(FAILURE_PATHS)) {
      expect(metric(path.metric).emitters).toContain(path.emitter);
      expect(METRICS["SilentFailure/Count"].emitters).toContain(path.emitter);
    }
    expect(Object.keys(FAILURE_PATHS)).toHaveLength(7);
  });
});
