import { alarmCatalogue, alarmsOfTier } from "../../contract/alarms/catalogue";
import {
  type AlarmDefinition,
  type Condition,
  type Series,
  TIERS,
  type Tier,
} from "../../contract/alarms/definition";
import { FAILURE_PATHS } from "../../contract/failure-paths";
import { LOG_METRICS, logMetricNamespace } from "../../contract/logs";
import { METRIC_NAMES, metric } from "../../contract/metrics";
import { ENVIRONMENTS, type Environment } from "../../contract/names";
import {
  APPLICATION_SERVICES,
  functionName,
  SERVICE_KEYS,
  SERVICES,
  type ServiceKey,
  scheduleSeconds,
  ZIP_SERVICES,
} from "../../contract/services";

function seriesOf({ signal }: AlarmDefinition): readonly Series[] {
  if (signal.kind === "metric") return [signal.series];
  return signal.kind === "math" ? Object.values(signal.series) : [];
}

/** Alarms with data of their own, each with its condition. */
function measured(environment: Environment): readonly { alarm: AlarmDefinition; condition: Condition }[] {
  return alarmCatalogue(environment).flatMap((alarm) => {
    if (alarm.signal.kind === "composite") return [];
    if (alarm.condition === undefined) throw new Error(`${alarm.id} has no condition`);
    return [{ alarm, condition: alarm.condition }];
  });
}

/** The services that feed a series; none for metrics of AWS itself that no function causes. */
function emittersOf(environment: Environment, series: Series): readonly ServiceKey[] {
  const { FunctionName, FailurePath } = series.dimensions;
  if (FunctionName !== undefined) {
    return SERVICE_KEYS.filter((service) => functionName(environment, service) === FunctionName);
  }
  const path = Object.values(FAILURE_PATHS).find((one) => one.dimension === FailurePath);
  if (path !== undefined) return [path.emitter];
  const custom = METRIC_NAMES.find((name) => name === series.name);
  if (custom !== undefined) return metric(custom).emitters;
  return SERVICE_KEYS.filter((service) => logMetricNamespace(environment, service) === series.namespace);
}

/** What missing data must mean, from what the metric tells. */
function expectedMissingData(environment: Environment, series: Series): Condition["treatMissingData"] {
  if (series.name === LOG_METRICS.metricFallback.name) {
    const [service] = emittersOf(environment, series);
    return service !== undefined && scheduleSeconds(service) !== undefined ? "breaching" : "missing";
  }
  const custom = METRIC_NAMES.find((name) => name === series.name);
  if (series.namespace === "AWS/Billing") return "notBreaching";
  const kind = custom === undefined ? "latency" : metric(custom).kind;
  if (kind === "proof-of-life") return "breaching";
  return kind === "cost" ? "notBreaching" : "missing";
}

describe.each(ENVIRONMENTS)("the catalogue of %s", (environment) => {
  const all = measured(environment);

  test("ALM-1 each of the six functions has an alarm on errors and one on latency", () => {
    expect(APPLICATION_SERVICES).toHaveLength(6);
    for (const service of APPLICATION_SERVICES) {
      const own = all
        .flatMap(({ alarm }) => seriesOf(alarm))
        .filter((series) => {
          return series.dimensions["FunctionName"] === functionName(environment, service);
        });
      const names = own.map((series) => `${series.namespace} ${series.name} ${series.statistic}`);
      expect(names).toContain("AWS/Lambda Errors Sum");
      expect(names).toContain("AWS/Lambda Invocations Sum");
      // A stream is meant to last; its one alarm on duration says that it did not end itself.
      expect(names).toContain(`AWS/Lambda Duration ${service === "sse" ? "p99" : "p95"}`);
    }
  });

  test("ALM-3 missing data is treated by what the metric tells, never ignored", () => {
    for (const { alarm, condition } of all) {
      const expected = new Set(seriesOf(alarm).map((series) => expectedMissingData(environment, series)));
      expect([alarm.id, [...expected]]).toEqual([alarm.id, [condition.treatMissingData]]);
    }
  });

  test("ALM-3 no period is shorter than the schedule of what feeds it", () => {
    for (const { alarm, condition } of all) {
      const schedules = seriesOf(alarm)
        .flatMap((series) => emittersOf(environment, series))
        .map((service) => scheduleSeconds(service) ?? 0);
      expect([alarm.id, condition.periodSeconds >= Math.max(0, ...schedules)]).toEqual([alarm.id, true]);
      expect([alarm.id, condition.periodSeconds % 60]).toEqual([alarm.id, 0]);
      // CloudWatch looks back at most a day, for periods below a day.
      expect(condition.periodSeconds * condition.evaluationPeriods).toBeLessThanOrEqual(86_400);
    }
  });

  test("ALM-3 R-04 where silence is bad, more periods are looked at than can be empty between two runs", () => {
    const breaching = all.filter(({ condition }) => condition.treatMissingData === "breaching");
    expect(breaching.length).toBeGreaterThan(5);
    for (const { alarm, condition } of breaching) {
      const schedules = seriesOf(alarm)
        .flatMap((series) => emittersOf(environment, series))
        .map((service) => scheduleSeconds(service) ?? 0);
      const empty = Math.floor(Math.max(...schedules) / condition.periodSeconds);
      expect([alarm.id, condition.evaluationPeriods > empty]).toEqual([alarm.id, true]);
    }
  });

  test("ALM-3 proof of life breaches when it is silent", () => {
    const proofs = all.filter(({ alarm }) =>
      ["NewItemsIngested", "EmissionHeartbeat", "CanaryHealth"].includes(seriesOf(alarm)[0]?.name ?? ""),
    );
    expect(proofs.map(({ alarm }) => alarm.id)).toEqual([
      "no-new-items",
      "emission-heartbeat",
      "canary-health",
    ]);
    for (const { alarm, condition } of proofs) {
      expect(condition).toMatchObject({ treatMissingData: "breaching" });
      expect(condition.comparison).toMatch(/^LessThan/);
      expect(alarm).toMatchObject({ tiers: TIERS, severity: "critical" });
    }
  });

  test("ALM-4 latency alarms at 0.8 to 0.9 of the timeout, save the early warnings of analysis and the API", () => {
    const durations = all.filter(({ alarm }) => seriesOf(alarm)[0]?.name === "Duration");
    const latency = durations.filter(
      ({ alarm }) =>
        alarm.signal.kind === "metric" && !["stream-deadline-missed", "dashboard-slow"].includes(alarm.id),
    );
    const slowest = durations.find(({ alarm }) => alarm.signal.kind === "math");
    // In percent of each function's own timeout.
    expect(slowest?.condition.threshold).toBe(80);
    for (const service of ZIP_SERVICES) {
      const { signal } = slowest?.alarm ?? {};
      expect(signal?.kind === "math" && signal.expression).toContain(
        `p95_${service}, 0) / ${SERVICES[service].timeoutSeconds * 10}`,
      );
    }
    expect(JSON.stringify(slowest?.alarm.signal)).not.toContain("sse");
    expect(latency).toHaveLength(ZIP_SERVICES.length + 1);
    for (const { alarm, condition } of latency) {
      const service = SERVICE_KEYS.find((one) => alarm.id.startsWith(`${one}-`)) ?? "ingestion";
      const fraction = condition.threshold / (SERVICES[service].timeoutSeconds * 1000);
      if (alarm.id === "analysis-latency-warning") {
        expect(fraction).toBeCloseTo(0.6);
      } else {
        expect(fraction).toBeGreaterThanOrEqual(0.8);
        expect(fraction).toBeLessThanOrEqual(0.9);
      }
    }
  });

  test("every threshold can be crossed: shares stay below 100 %, durations and memory below their limits", () => {
    for (const { alarm, condition } of all) {
      const [series] = seriesOf(alarm);
      const service = SERVICE_KEYS.find((one) => alarm.id.startsWith(`${one}-`));
      if (series?.name === "MaxMemoryUsed" && service !== undefined) {
        expect(condition.threshold).toBeCloseTo(0.85 * SERVICES[service].memoryMb);
      } else if (series?.name === "CollisionRate") {
        expect(condition.threshold).toBeLessThan(1);
        expect(condition.threshold).toBeGreaterThan(0);
      } else if (/%/.test(alarm.signal.kind === "math" ? alarm.signal.label : "")) {
        expect(condition.threshold).toBeGreaterThan(0);
        expect(condition.threshold).toBeLessThan(100);
      }
      // A count is never negative: "less than 0" could not fire and "at least 0" would always.
      const edge = condition.comparison === "LessThanThreshold" || /OrEqual/.test(condition.comparison);
      const proof = condition.comparison === "LessThanOrEqualToThreshold";
      expect([alarm.id, condition.threshold >= 0]).toEqual([alarm.id, true]);
      if (edge && !proof) expect([alarm.id, condition.threshold > 0]).toEqual([alarm.id, true]);
    }
  });

  test("expressions use every series they declare, and no other", () => {
    for (const { alarm } of all) {
      if (alarm.signal.kind !== "math") continue;
      const words = alarm.signal.expression.match(/\b[a-z]\w*\b/g) ?? [];
      expect([...new Set(words)].sort()).toEqual(Object.keys(alarm.signal.series).sort());
    }
  });
});

describe("tiers", () => {
  const idsOf = (environment: Environment, tier: Tier) =>
    alarmsOfTier(environment, tier).map((alarm) => alarm.id);

  test.each(ENVIRONMENTS)(
    "the essential tier of %s stays within CloudWatch's ten free alarms",
    (environment) => {
      expect(idsOf(environment, "essential").length).toBeLessThanOrEqual(10);
      expect(idsOf(environment, "essential").length).toBeGreaterThan(0);
    },
  );

  test("each tier sees more than the one below", () => {
    const sizes = TIERS.map((tier) => idsOf("prod", tier).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(TIERS.length);
  });

  test("ids are unique and the same in every environment", () => {
    const ids = alarmCatalogue("prod").map((alarm) => alarm.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const environment of ENVIRONMENTS) {
      expect(alarmCatalogue(environment).map((alarm) => alarm.id)).toEqual(ids);
    }
  });

  test("the children of a composite are in its tiers, before it", () => {
    for (const tier of TIERS) {
      const alarms = alarmsOfTier("prod", tier);
      for (const [index, { signal }] of alarms.entries()) {
        const children = signal.kind === "composite" ? signal.anyOf : [];
        const before = alarms.slice(0, index).map((alarm) => alarm.id);
        expect(before).toEqual(expect.arrayContaining([...children]));
      }
    }
  });

  test("silent failures page in every tier", () => {
    for (const tier of TIERS) {
      expect(idsOf("dev", tier).some((id) => /^silent-failures-(total|any)$/.test(id))).toBe(true);
    }
  });
});
