import { type FrontDoor, frontDoors } from "../../../policies/rules/front-doors";
import { grantedNamespaces, grantsOf, roleGrants } from "../../../policies/rules/grants";
import type { EmitterKnowledge, KnownFunction } from "../../../policies/rules/knowledge";
import {
  block,
  isObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../../../policies/terraform/model";
import { resourcesAt } from "../../../policies/terraform/targets";
import { cadenceOf, type Trigger, triggersOf } from "../../../policies/terraform/triggers";

/** True when a function runs as often as others ask it to. */
export function hasTraffic(fn: FunctionFacts): boolean {
  return fn.startedBy === "events" || fn.startedBy === "requests";
}

/** What a rehearsal knows about one Lambda function. */
export interface FunctionFacts {
  readonly name: string;
  readonly address: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** `nothing` when no trigger in the file is switched on, or its owner says that it is never invoked. */
  readonly startedBy: "schedule" | "events" | "requests" | "nothing";
  /** True when it answers with a stream, so that a run lasts as long as somebody reads. */
  readonly streams: boolean;
  /** Seconds between scheduled runs; `undefined` for events and irregular schedules. */
  readonly everySeconds: number | undefined;
  /** How often Lambda tries one event: retries apply to asynchronous triggers only. */
  readonly attempts: number;
  /** Name of the queue that keeps events it gave up on. */
  readonly deadLetterQueue: string | undefined;
  /** Where errors of its handler go; only raised ones move Lambda's `Errors`. */
  readonly handlerErrors: KnownFunction["handlerErrors"];
  /** Where its callers see 5xx. */
  readonly doors: readonly FrontDoor[];
  /** Namespaces its role may write; `*` for any. */
  readonly namespaces: readonly string[];
  /** True when part of its role's policies cannot be read, so that it may write more. */
  readonly mayWriteMore: boolean;
  readonly logGroups: readonly string[];
  readonly resource: Resource;
}

/** Lambda's defaults (Lambda API, CreateFunction and PutFunctionEventInvokeConfig). */
const DEFAULTS = { timeoutSeconds: 3, memoryMb: 128, retries: 2 } as const;

function number(resource: Resource, attribute: string, otherwise: number): number {
  const value = Number(resource.values[attribute]);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

function retriesOf(terraform: TerraformModel, fn: Resource): number {
  const settings = ofType(terraform, "aws_lambda_function_event_invoke_config").find((one) =>
    resourcesAt(terraform, one, "function_name", ["aws_lambda_function"]).some(
      (f) => f.address === fn.address,
    ),
  );
  const stated = settings?.values["maximum_retry_attempts"];
  return typeof stated === "number" ? stated : DEFAULTS.retries;
}

function deadLettersOf(terraform: TerraformModel, fn: Resource): string | undefined {
  const target = block(fn, "dead_letter_config")?.["target_arn"];
  if (target === undefined) return undefined;
  const holder: Resource = { ...fn, values: { target }, references: {} };
  const [queue] = resourcesAt(terraform, holder, "target", ["aws_sqs_queue"]);
  return queue === undefined ? undefined : (text(queue, "name") ?? queue.address);
}

function logGroupsOf(fn: Resource, name: string): readonly string[] {
  const written = list(fn, "logging_config").filter(isObject)[0]?.["log_group"];
  return [typeof written === "string" && written !== "" ? written : `/aws/lambda/${name}`];
}

function startOf(kinds: readonly Trigger["kind"][]): FunctionFacts["startedBy"] {
  if (kinds.length === 0) return "nothing";
  if (kinds.includes("schedule")) return "schedule";
  return kinds.every((kind) => kind === "url" || kind === "gateway") ? "requests" : "events";
}

function factsOf(
  terraform: TerraformModel,
  fn: Resource,
  knowledge: EmitterKnowledge | undefined,
): FunctionFacts {
  const name = text(fn, "function_name") ?? fn.path;
  const known = knowledge?.functions[name];
  const triggers = triggersOf(terraform, fn).filter((one) => one.enabled);
  const everySeconds = cadenceOf(terraform, fn);
  const asynchronous = triggers.some((one) => ["schedule", "event", "topic"].includes(one.kind));
  const grants = grantsOf(terraform, fn);
  return {
    name,
    address: fn.address,
    timeoutMs: number(fn, "timeout", DEFAULTS.timeoutSeconds) * 1000,
    memoryMb: number(fn, "memory_size", DEFAULTS.memoryMb),
    startedBy: known?.invoked === "never" ? "nothing" : startOf(triggers.map((one) => one.kind)),
    streams: triggers.some((one) => text(one.source, "invoke_mode") === "RESPONSE_STREAM"),
    everySeconds,
    attempts: asynchronous ? 1 + retriesOf(terraform, fn) : 1,
    deadLetterQueue: deadLettersOf(terraform, fn),
    handlerErrors: known?.handlerErrors ?? "raised",
    doors: frontDoors(terraform, fn),
    namespaces: grantedNamespaces(grants),
    mayWriteMore:
      roleGrants(terraform, fn) === undefined ||
      grants.unreadable.length > 0 ||
      grants.managed.some(writesMetrics),
    logGroups: logGroupsOf(fn, name),
    resource: fn,
  };
}

/** AWS-managed policies that allow PutMetricData in any namespace. */
function writesMetrics(arn: string): boolean {
  return /AdministratorAccess|CloudWatchFullAccess|CloudWatchAgentServerPolicy|PowerUserAccess|LambdaInsights/.test(
    arn,
  );
}

/** Every Lambda function of a file, in file order. */
export function functionsOf(
  terraform: TerraformModel,
  knowledge?: EmitterKnowledge,
): readonly FunctionFacts[] {
  return ofType(terraform, "aws_lambda_function").map((fn) => factsOf(terraform, fn, knowledge));
}
