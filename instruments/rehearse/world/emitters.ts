import { isAwsNamespace } from "../../../policies/aws-metrics";
import type { EmitterKnowledge } from "../../../policies/rules/knowledge";
import type { TerraformModel } from "../../../policies/terraform/model";
import { type MetricRef, metricKey } from "../../cloudwatch";
import { type AwsEmission, awsEmission } from "./aws-emitters";
import type { FunctionFacts } from "./functions";
import type { LogMetric } from "./log-filters";
import type { SeriesFacts } from "./series-facts";

/** Who feeds a metric, before anything is said about values. */
export type Feed = Pick<SeriesFacts, "source" | "emitters" | "certain" | "written" | "everySeconds"> & {
  readonly never?: string;
  readonly doubt?: string;
  readonly assumed?: string;
  readonly aws?: AwsEmission;
  readonly log?: LogMetric;
};

/** What feeds are looked up in. */
export interface Surroundings {
  readonly terraform: TerraformModel;
  readonly functions: readonly FunctionFacts[];
  readonly logMetrics: readonly LogMetric[];
  readonly knowledge: EmitterKnowledge | undefined;
}

const MINUTE = 60;

/** Why one function gives no data; `undefined` when it does. */
function silence(fn: FunctionFacts): Pick<Feed, "never" | "doubt"> {
  if (fn.startedBy === "nothing") return { never: `nothing in this file starts ${fn.name}, so it is silent` };
  if (fn.startedBy === "schedule" && fn.everySeconds === undefined)
    return { doubt: `the schedule of ${fn.name} is irregular` };
  return {};
}

function namesOf(fns: readonly FunctionFacts[]): string {
  return fns.map((fn) => fn.name).join(" or ");
}

function byRuns(source: Feed["source"], fns: readonly FunctionFacts[], certain: boolean): Feed {
  const running = fns.filter((fn) => silence(fn).never === undefined);
  const [first] = running.length > 0 ? running : fns;
  const regular = running.filter((fn) => silence(fn).doubt === undefined);
  const reason = running.length === 0 || regular.length === 0 ? silence(first as FunctionFacts) : {};
  return {
    source,
    emitters: (regular.length > 0 ? regular : fns).map((fn) => fn.name),
    certain,
    written: "each-run",
    everySeconds: Math.min(...regular.map((fn) => fn.everySeconds ?? MINUTE), MINUTE * 60 * 24),
    ...reason,
  };
}

function awsFeed(ref: MetricRef, { terraform, functions, knowledge }: Surroundings): Feed {
  const aws = awsEmission(terraform, ref);
  const fn = functions.find(
    (one) => ref.namespace === "AWS/Lambda" && one.name === ref.dimensions["FunctionName"],
  );
  const doubts = { ...(aws.never ? { never: aws.never } : {}), ...(aws.doubt ? { doubt: aws.doubt } : {}) };
  if (fn !== undefined) {
    const unsure = ref.name === "Errors" && knowledge?.functions[fn.name] === undefined;
    const assumed = unsure ? { assumed: `errors in the handler of ${fn.name} reach Lambda` } : {};
    return { ...byRuns("aws", [fn], true), ...doubts, ...assumed, aws };
  }
  const { everySeconds } = aws;
  return { source: "aws", emitters: [], certain: true, written: "by-clock", everySeconds, aws, ...doubts };
}

function logFeed(ref: MetricRef, filters: readonly LogMetric[], around: Surroundings): Feed {
  const keys = Object.keys(ref.dimensions).sort().join(", ");
  const log = filters.find((one) => [...one.dimensionKeys].sort().join(", ") === keys);
  const silent = {
    source: "log",
    emitters: [],
    certain: true,
    written: "each-run",
    everySeconds: 60,
  } as const;
  if (log === undefined) {
    const written = filters[0]?.dimensionKeys.join(", ") || "no dimension";
    return {
      ...silent,
      never: `its log metric filter writes it with ${written}, the alarm wants ${keys || "none"}`,
    };
  }
  const fns = around.functions.filter((fn) => log.functions.includes(fn.name));
  if (fns.length === 0)
    return { ...silent, log, doubt: "nothing in this file is known to log to the log group of its filter" };
  const described = fns.some((fn) => around.knowledge?.functions[fn.name] !== undefined);
  const assumed = described
    ? {}
    : { assumed: `${namesOf(fns)} logs lines that ${ref.name} is filtered from` };
  return { ...byRuns("log", fns, fns.length === 1), log, ...assumed };
}

function emits(fn: FunctionFacts, ref: MetricRef, { knowledge }: Surroundings): "yes" | "no" | "unknown" {
  const known = knowledge?.functions[fn.name];
  if (known === undefined) return "unknown";
  const key = metricKey(ref);
  const same = known.emits.some(
    (one) => metricKey({ namespace: one.namespace, name: one.metric, dimensions: one.dimensions }) === key,
  );
  return same ? "yes" : "no";
}

function customFeed(ref: MetricRef, around: Surroundings): Feed {
  const { functions } = around;
  const named = functions.filter((fn) => Object.values(ref.dimensions).includes(fn.name));
  const granted = functions.filter((fn) => fn.namespaces.some((one) => one === "*" || one === ref.namespace));
  const sure = granted.filter((fn) => emits(fn, ref, around) === "yes");
  if (sure.length > 0) return byRuns("custom", sure, true);
  const silent = {
    source: "custom",
    emitters: [],
    certain: true,
    written: "each-run",
    everySeconds: 60,
  } as const;
  if (granted.length === 0) {
    const open = functions.filter((fn) => fn.mayWriteMore);
    if (open.length > 0)
      return { ...silent, doubt: `policies of ${open.map((fn) => fn.name).join(", ")} cannot be read` };
    return { ...silent, never: `nothing in this file may write the namespace ${ref.namespace}` };
  }
  const possible = granted.filter((fn) => emits(fn, ref, around) === "unknown");
  if (possible.length === 0) {
    return { ...silent, never: `no function emits ${ref.name} with exactly these dimensions` };
  }
  const own = possible.filter((fn) => named.includes(fn));
  const candidates = own.length > 0 ? own : possible;
  const feed = byRuns("custom", candidates, candidates.length === 1);
  const rhythm = isGuessed(feed, functions) ? ` every ${feed.everySeconds} s` : "";
  return { ...feed, assumed: `something emits ${ref.namespace} ${ref.name}${rhythm}` };
}

/** True when a metric may come from functions that run at different rhythms, so that its own is a guess. */
export function isGuessed(
  feed: Pick<SeriesFacts, "certain" | "emitters">,
  functions: readonly FunctionFacts[],
): boolean {
  const rhythms = functions.filter((fn) => feed.emitters.includes(fn.name)).map((fn) => fn.everySeconds);
  return !feed.certain && new Set(rhythms).size > 1;
}

/** Finds who feeds a metric and how often. */
export function feedOf(ref: MetricRef, around: Surroundings): Feed {
  if (isAwsNamespace(ref.namespace)) return awsFeed(ref, around);
  const filters = around.logMetrics.filter((one) => one.namespace === ref.namespace && one.name === ref.name);
  return filters.length > 0 ? logFeed(ref, filters, around) : customFeed(ref, around);
}
