import type { AwsCall, AwsFault } from "./aws-call";
import type { AnswerPlan } from "./aws-gateway";
import type { SegmentDocument } from "./xray-daemon";
import { matchesFilter } from "./xray-filter";
import { graphOf } from "./xray-graph";
import { flawOf, type KeptTrace, XRayTraces } from "./xray-traces";

/** How the stand-in departs from a healthy X-Ray; nothing given is healthy. */
export interface XRayBehaviour {
  /** Milliseconds after its arrival until a document can be found. */
  readonly indexedAfterMs?: number;
  /** Milliseconds after its arrival until summaries name a trace; as long as until it can be found by id by default. */
  readonly summarizedAfterMs?: number;
  /** Documents that come back as unprocessed and are not kept. */
  readonly unprocessed?: (document: SegmentDocument) => boolean;
  /** Documents that are accepted and never kept. */
  readonly discarded?: (document: SegmentDocument) => boolean;
  /** Traces whose summary says that parts are still missing. */
  readonly partial?: (traceId: string) => boolean;
  /** Traces with more documents than X-Ray hands out. */
  readonly limitExceeded?: (traceId: string) => boolean;
  /** Traces that summaries name and BatchGetTraces does not know, as under Transaction Search. */
  readonly unreadable?: (traceId: string) => boolean;
  /** Where spans are kept; `CloudWatchLogs` under Transaction Search. */
  readonly destination?: "XRay" | "CloudWatchLogs";
  /** Summaries in one answer; 100 by default. */
  readonly pageSize?: number;
  /** Sampling rules in AWS's own words (`SamplingRule` of the API); the default rule alone by default. */
  readonly samplingRules?: readonly Readonly<Record<string, unknown>>[];
  /** Groups in AWS's own words (`GroupSummary` of the API); none by default. */
  readonly groups?: readonly Readonly<Record<string, unknown>>[];
}

const PAGE_SIZE = 100;
/** What BatchGetTraces takes at once. */
const BATCH_SIZE = 5;
/** The longest window a query may have, seconds. */
const WINDOW_SECONDS = 6 * 3600;
const DEFAULT_RULE = {
  RuleName: "Default",
  Priority: 10_000,
  FixedRate: 0.05,
  ReservoirSize: 1,
  ServiceName: "*",
  ServiceType: "*",
  Host: "*",
  HTTPMethod: "*",
  URLPath: "*",
  ResourceARN: "*",
  Version: 1,
};

/** The member of the API's union that holds a value, by its type. */
const MEMBERS: Readonly<Record<string, string>> = { number: "NumberValue", boolean: "BooleanValue" };

type Input = AwsCall["input"];

function invalid(message: string): AwsFault {
  return { status: 400, code: "InvalidRequestException", message };
}

/** Stands in for the X-Ray API, whose queries moto fakes. Plug {@link answers} into an `AwsGateway`. */
export class XRayService {
  readonly #traces = new XRayTraces();
  readonly #now: () => number;
  #behaviour: XRayBehaviour = {};

  /** @param now epoch milliseconds; a test's own clock makes waiting for the index free */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Answers calls to X-Ray and leaves those to other services alone; for `AwsGateway.answerWith`. */
  readonly answers: AnswerPlan = ({ service, operation, input }) => {
    if (service !== "xray") return undefined;
    const answer = this.#answer(operation, input);
    return typeof answer === "object" && "code" in answer ? (answer as AwsFault) : JSON.stringify(answer);
  };

  /** Takes documents that came by another way: from an `XRayDaemon`, or made by a test. */
  receive(documents: readonly SegmentDocument[]): void {
    for (const document of documents) {
      if (this.#behaviour.discarded?.(document) !== true) this.#traces.add(document, this.#now());
    }
  }

  /** Replaces the behaviour; what has been kept stays. */
  behave(behaviour: XRayBehaviour): void {
    this.#behaviour = behaviour;
  }

  /** Forgets documents and behaviour. */
  reset(): void {
    this.#traces.clear();
    this.#behaviour = {};
  }

  /** What is kept, whether a query would find it yet or not. */
  get traces(): readonly KeptTrace[] {
    return this.#traces.arrivedBy(Number.POSITIVE_INFINITY);
  }

  #answer(operation: string, input: Input): object | AwsFault {
    switch (operation) {
      case "PutTraceSegments":
        return this.#put(input);
      case "GetTraceSummaries":
        return this.#summaries(input);
      case "BatchGetTraces":
        return this.#batch(input);
      case "GetServiceGraph":
        return { Services: graphOf(this.#within(input)), ContainsOldGroupVersions: false };
      case "GetSamplingRules":
        return {
          SamplingRuleRecords: (this.#behaviour.samplingRules ?? [DEFAULT_RULE]).map((SamplingRule) => ({
            SamplingRule,
          })),
        };
      case "GetGroups":
        return { Groups: this.#behaviour.groups ?? [] };
      case "GetTraceSegmentDestination":
        return { Destination: this.#behaviour.destination ?? "XRay", Status: "ACTIVE" };
      case "PutTelemetryRecords":
      case "GetSamplingTargets":
      case "GetSamplingStatisticSummaries":
        return {};
      default:
        return invalid(`The lab's X-Ray does not know ${operation}`);
    }
  }

  #put({ TraceSegmentDocuments }: Input): object | AwsFault {
    if (!Array.isArray(TraceSegmentDocuments)) return invalid("TraceSegmentDocuments is missing");
    const UnprocessedTraceSegments = TraceSegmentDocuments.flatMap((text: unknown) => {
      const flaw = flawOf(String(text), this.#now());
      if (flaw !== undefined) return [{ ErrorCode: flaw, Message: flaw }];
      const document = JSON.parse(String(text)) as SegmentDocument;
      if (this.#behaviour.unprocessed?.(document) === true) {
        return [{ Id: document.id, ErrorCode: "ThrottledException", Message: "Rate exceeded" }];
      }
      this.receive([document]);
      return [];
    });
    return { UnprocessedTraceSegments };
  }

  #arrived(delayMs = 0): readonly KeptTrace[] {
    return this.#traces.arrivedBy(this.#now() - delayMs);
  }

  #within({ StartTime, EndTime }: Input): readonly KeptTrace[] {
    const { indexedAfterMs, summarizedAfterMs = indexedAfterMs } = this.#behaviour;
    return this.#arrived(summarizedAfterMs).filter(
      ({ startTime }) => startTime >= Number(StartTime) && startTime <= Number(EndTime),
    );
  }

  #summaries(input: Input): object | AwsFault {
    const { StartTime, EndTime, FilterExpression, NextToken } = input;
    if (!(Number(EndTime) > Number(StartTime))) return invalid("EndTime must be after StartTime");
    if (Number(EndTime) - Number(StartTime) > WINDOW_SECONDS) return invalid("The window is over 6 hours");
    const filter = FilterExpression === undefined ? undefined : String(FilterExpression);
    if (matchesFilter(filter, []) === undefined) return invalid(`The lab cannot evaluate: ${filter}`);
    const found = this.#within(input).filter(({ flat }) => matchesFilter(filter, flat) === true);
    const start = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(start)) return invalid("NextToken is not one of ours");
    const end = start + (this.#behaviour.pageSize ?? PAGE_SIZE);
    return {
      TraceSummaries: found.slice(start, end).map((trace) => this.#summary(trace)),
      ApproximateTime: Number(EndTime),
      TracesProcessedCount: this.#within(input).length,
      ...(end < found.length ? { NextToken: String(end) } : {}),
    };
  }

  #summary({ id, flat, startTime, duration }: KeptTrace): object {
    const annotations: Record<string, object[]> = {};
    for (const [key, value] of flat.flatMap((document) => Object.entries(document.annotations ?? {}))) {
      annotations[key] = [
        ...(annotations[key] ?? []),
        { AnnotationValue: { [MEMBERS[typeof value] ?? "StringValue"]: value } },
      ];
    }
    const has = (flag: "fault" | "error" | "throttle") => flat.some((document) => document[flag] === true);
    return {
      Id: id,
      StartTime: startTime,
      Duration: duration,
      ResponseTime: duration,
      HasFault: has("fault"),
      HasError: has("error"),
      HasThrottle: has("throttle"),
      IsPartial: this.#behaviour.partial?.(id) ?? false,
      Annotations: annotations,
      ServiceIds: [...new Set(flat.filter((one) => one.parent_id === undefined).map(({ name }) => name))].map(
        (Name) => ({ Name }),
      ),
    };
  }

  #batch({ TraceIds }: Input): object | AwsFault {
    if (!Array.isArray(TraceIds) || TraceIds.length === 0) return invalid("TraceIds is missing");
    if (TraceIds.length > BATCH_SIZE) return invalid(`${TraceIds.length} trace ids, expected at most 5`);
    const found = this.#arrived(this.#behaviour.indexedAfterMs).filter(
      ({ id }) => TraceIds.includes(id) && this.#behaviour.unreadable?.(id) !== true,
    );
    return {
      Traces: found.map(({ id, documents, duration }) => ({
        Id: id,
        Duration: duration,
        LimitExceeded: this.#behaviour.limitExceeded?.(id) ?? false,
        Segments: documents.map((document) => ({ Id: document.id, Document: JSON.stringify(document) })),
      })),
      UnprocessedTraceIds: TraceIds.filter((id) => !found.some((trace) => trace.id === id)),
    };
  }
}
