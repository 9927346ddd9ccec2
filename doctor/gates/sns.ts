import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import { everyPiece, type Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { partsOf } from "./function-parts";
import type { Subscription } from "./subscriptions";

const PUBLISHER = "ingestion";
const RECEIVER = "analysis";

/** What of a message's way a trace shows. */
interface Way {
  readonly publisher: boolean;
  readonly topic: boolean;
  readonly receiver: boolean;
}

function wayIn(environment: Environment, trace: Trace | undefined): Way {
  if (trace === undefined) return { publisher: false, topic: false, receiver: false };
  const shows = (service: typeof PUBLISHER | typeof RECEIVER) =>
    partsOf(trace, functionName(environment, service)).segments.length > 0;
  const topic = [...everyPiece(trace)].some(
    ({ name, namespace, origin }) =>
      (name === "SNS" && namespace === "aws") || origin?.startsWith("AWS::SNS"),
  );
  return { publisher: shows(PUBLISHER), topic, receiver: shows(RECEIVER) };
}

/** Whether a trace shows the whole way of a message. */
export function isWhole(environment: Environment, trace: Trace | undefined): boolean {
  return Object.values(wayIn(environment, trace)).every(Boolean);
}

function judgeWay(environment: Environment, id: string, trace: Trace | undefined): Finding {
  const way = wayIn(environment, trace);
  const [publisher, receiver] = [functionName(environment, PUBLISHER), functionName(environment, RECEIVER)];
  const missing = [
    ...(way.publisher ? [] : [publisher]),
    ...(way.topic ? [] : ["the SNS node"]),
    ...(way.receiver ? [] : [receiver]),
  ];
  const nothing = !way.publisher && !way.receiver;
  const silent = way.publisher && !way.topic && !way.receiver;
  return {
    what: `trace ${id}`,
    found: nothing
      ? "nothing"
      : missing.length === 0
        ? "both functions and the topic"
        : `no ${missing.join(", no ")}`,
    expected: `${publisher}, SNS and ${receiver} in one trace`,
    verdict: missing.length === 0 ? "passed" : nothing || silent ? "undecided" : "failed",
    nextStep: nothing
      ? "see whether X-Ray has it by now: tracewright traces show ID; new traces may take minutes"
      : silent
        ? "nothing was published: try again when there are new articles"
        : "check tracing mode Active on both functions, the topic's tracing, and that nothing between them strips AWSTraceHeader",
  };
}

/** Name of the function an ARN is of, a version or an alias of it left aside. */
function functionOf(arn: string): string | undefined {
  return /:function:([^:]+)(?::[^:]+)?$/.exec(arn)?.[1];
}

function judgeRaw(environment: Environment, subscriptions: readonly Subscription[]): Finding {
  const receiver = functionName(environment, RECEIVER);
  const own = subscriptions.filter(({ Endpoint }) => functionOf(Endpoint) === receiver);
  const raw = own.filter(({ RawMessageDelivery }) => RawMessageDelivery === "true");
  return {
    what: `raw delivery to ${receiver}`,
    found: own.length === 0 ? "no subscription" : raw.length === 0 ? "off" : "on",
    expected: "off",
    verdict: own.length > 0 && raw.length === 0 ? "passed" : "failed",
    nextStep:
      own.length === 0
        ? "subscribe the function to the topic: terraform apply"
        : "switch it off: a raw message loses its trace header",
  };
}

/**
 * [AWS] SNS-2: doctor/gates/sns.ts
 *
 * Judges whether a message took its trace along: publisher, topic and receiver under one id, and delivery not raw.
 *
 * @param id of the trace looked for
 * @param trace what was found of it
 */
export function judgePropagation(
  environment: Environment,
  id: string,
  trace: Trace | undefined,
  subscriptions: readonly Subscription[],
): readonly Finding[] {
  return [judgeWay(environment, id, trace), judgeRaw(environment, subscriptions)];
}
