import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { alarmCatalogue } from "../../contract/alarms/catalogue";
import { alarmName } from "../../contract/alarms/definition";
import { apiName } from "../../contract/api";
import { canaryAlertTopicName } from "../../contract/canary";
import { FAILURE_PATHS } from "../../contract/failure-paths";
import { LOG_EVENTS, LOG_METRICS } from "../../contract/logs";
import { deadLetterQueueName, TOPICS, type TopicName, topicName } from "../../contract/messaging";
import { DIMENSION_VALUES, METRIC_NAMES, metric, RELIABILITY_NAMESPACE } from "../../contract/metrics";
import { physicalName } from "../../contract/names";
import { functionName, SERVICE_KEYS, SERVICES } from "../../contract/services";
import { ANNOTATIONS, SPANS, STREAM_ANNOTATIONS, STREAM_METADATA, STREAM_SPANS } from "../../contract/spans";
import { TABLES, type TableName, tableName } from "../../contract/tables";
import { VENDORS } from "../../contract/vendors";

const ROOT = resolve(__dirname, "..", "..");
const FOLDER = join(ROOT, "docs", "runbooks");
const README = "README";
const ALARMS = alarmCatalogue("prod");

const pages = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name: name.slice(0, -".md".length), text: readFileSync(join(FOLDER, name), "utf8") }));
const causes = pages.filter(({ name }) => name !== README);

/** Metrics of AWS services that alarms of the contract read, and what pages quote beside them. */
const AWS_NAMES = [
  ...ALARMS.flatMap(({ signal }) => {
    if (signal.kind === "composite") return [];
    return signal.kind === "metric"
      ? [signal.series.name]
      : Object.values(signal.series).map((one) => one.name);
  }),
  ...["ConcurrentExecutions", "State", "PutMetricData", "RequestID", "ErrorMessage", "TimeoutError"],
  ...["ThrottlingException", "AccessDeniedException", "AccessDenied", "ServiceUnavailable"],
];

function source(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8"))
    .join("\n");
}

/** Everything in single backticks. */
function quoted(text: string): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
}

/** A quoted alarm id, in which FUNCTION, VENDOR and PATH stand for any. */
function alarmsMeant(pattern: string): readonly string[] {
  const values = [...SERVICE_KEYS, ...VENDORS, ...DIMENSION_VALUES.FailurePath].join("|");
  const expression = new RegExp(`^${pattern.replaceAll(/FUNCTION|VENDOR|PATH/g, `(?:${values})`)}$`);
  return ALARMS.map(({ id }) => id).filter((id) => expression.test(id));
}

const isAlarmLike = (text: string): boolean =>
  /^(?!prod-)(?:[a-z]+|FUNCTION|VENDOR)(?:-(?:[a-z]+|PATH))+$/.test(text);

describe("runbooks", () => {
  test("A8 every runbook an alarm names has a page, and every page is named", () => {
    const named = [...new Set(ALARMS.map(({ runbook }) => runbook))].sort();
    expect(causes.map(({ name }) => name).sort()).toEqual(named);
  });

  test.each(causes.map(({ name, text }) => [name, text]))(
    "%s has a first query, causes, a mend and a silence",
    (_name, text) => {
      const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      expect(headings).toEqual(["What you see", "First query", "Likely causes", "Mend", "Silence"]);
      expect(text).toMatch(/## First query\n[\s\S]*?```/);
      expect(text.split("\n").length).toBeLessThanOrEqual(50);
    },
  );

  test.each(causes.map(({ name, text }) => [name, text]))(
    "%s names exactly its alarms first",
    (name, text) => {
      const head = text.slice(0, text.indexOf("## What you see"));
      const listed = quoted(head).flatMap(alarmsMeant);
      const expected = ALARMS.filter(({ runbook }) => runbook === name).map(({ id }) => id);
      expect([...listed].sort()).toEqual([...expected].sort());
    },
  );

  test.each(pages.map(({ name, text }) => [name, text]))(
    "%s quotes only alarms that exist",
    (_name, text) => {
      expect(quoted(text).filter((one) => isAlarmLike(one) && alarmsMeant(one).length === 0)).toEqual([]);
    },
  );

  test.each(pages.map(({ name, text }) => [name, text]))(
    "%s quotes only metrics that exist",
    (_name, text) => {
      const known: readonly string[] = [
        ...METRIC_NAMES,
        ...METRIC_NAMES.flatMap((name) => metric(name).dimensionSets.flat()),
        ...Object.values(LOG_METRICS).map(({ name }) => name),
        ...Object.keys(ANNOTATIONS),
        ...AWS_NAMES,
        RELIABILITY_NAMESPACE,
      ];
      const metrics = quoted(text).filter((one) =>
        /^[A-Z][a-z]+(?:[A-Z][A-Za-z]*)*(?:\/[A-Z]\w+)?$/.test(one),
      );
      expect(metrics.filter((one) => !known.includes(one))).toEqual([]);
    },
  );

  test.each(pages.map(({ name, text }) => [name, text]))(
    "%s uses only subsegments, annotations and log fields that exist",
    (_name, text) => {
      const contract: readonly string[] = [
        ...Object.values(SPANS),
        ...Object.values(STREAM_SPANS),
        ...Object.keys(STREAM_ANNOTATIONS),
        ...Object.keys(STREAM_METADATA),
        ...Object.keys(ANNOTATIONS),
        ...Object.values(LOG_EVENTS).flatMap((event) => ("field" in event ? [event.field] : [])),
        ...Object.values(FAILURE_PATHS).flatMap(({ subsegment, dimension }) => [subsegment, dimension]),
        ...Object.values(TABLES).flatMap(({ indexes }) => Object.keys(indexes)),
      ];
      const written = source("functions") + source("modules");
      const names = text.match(/(?<![\w.])[a-z]+(?:_[a-z]+)+(?![\w.])/g) ?? [];
      const unknown = names.filter(
        (one) => !contract.includes(one) && !new RegExp(`\\b${one}\\b`).test(written),
      );
      expect(unknown).toEqual([]);
    },
  );

  test.each(pages.map(({ name, text }) => [name, text]))(
    "%s names only resources that exist",
    (_name, text) => {
      const known = [
        ...ALARMS.map(({ id }) => alarmName("prod", id)),
        ...SERVICE_KEYS.map((service) => functionName("prod", service)),
        ...(Object.keys(TABLES) as TableName[]).map((name) => tableName("prod", name)),
        ...(Object.keys(TOPICS) as TopicName[]).map((name) => topicName("prod", name)),
        deadLetterQueueName("prod"),
        canaryAlertTopicName("prod"),
        apiName("prod"),
        physicalName("prod", "board"),
      ];
      expect((text.match(/\bprod-[\w-]+/g) ?? []).filter((one) => !known.includes(one))).toEqual([]);
      const services: readonly string[] = SERVICE_KEYS.map((service) => SERVICES[service].serviceName);
      const cited = text.match(/sentiment-analyzer-[\w-]+/g) ?? [];
      expect(cited.filter((one) => !services.includes(one))).toEqual([]);
    },
  );

  test("CAN-12 SC-141 the canary's page says how long it takes to notice, and what it cannot see", () => {
    const text = causes.find(({ name }) => name === "canary")?.text ?? "";
    expect(text).toMatch(/5 to 10 minutes to notice/);
    expect(text).toMatch(/outages shorter than 5 minutes are invisible/);
    const { trigger } = SERVICES.canary;
    expect(trigger).toEqual({ kind: "schedule", everySeconds: 300 });
    const health = ALARMS.find(({ id }) => id === "canary-health")?.condition;
    expect((health?.periodSeconds ?? 0) * (health?.evaluationPeriods ?? 0)).toBe(600);
  });

  test.each(pages.map(({ name, text }) => [name, text]))("%s quotes only files that exist", (_name, text) => {
    const files = quoted(text).filter((one) => /^[\w-]+(?:\/[\w-]+)+\.\w+$/.test(one));
    for (const file of files) expect(() => readFileSync(join(ROOT, file))).not.toThrow();
  });
});
