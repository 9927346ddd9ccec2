import * as v from "valibot";
import type { AnnotationValue, SegmentHttp } from "./segment";
import { startOfId } from "./trace";

/** A node of the trace map. */
export interface ServiceName {
  readonly name: string;
  /** For example `AWS::Lambda::Function`. */
  readonly type: string | undefined;
  readonly accountId: string | undefined;
}

/** What X-Ray's index says of a trace. */
export interface TraceSummary {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startMs: number;
  /** Seconds from the first start to the last end. */
  readonly durationS: number | undefined;
  /** Seconds the root segment took. */
  readonly responseTimeS: number | undefined;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
  /** Documents are still missing. */
  readonly partial: boolean;
  readonly http: SegmentHttp;
  readonly entryPoint: ServiceName | undefined;
  readonly services: readonly ServiceName[];
  readonly users: readonly string[];
  readonly annotations: Readonly<Record<string, readonly AnnotationValue[]>>;
}

const SERVICE = v.object({
  Name: v.optional(v.string()),
  Names: v.optional(v.array(v.string()), []),
  Type: v.optional(v.string()),
  AccountId: v.optional(v.string()),
});

const flag = v.optional(v.boolean(), false);

/** A time as the SDK (a date), the command line (ISO 8601) or the API (epoch seconds) gives it. */
const TIME = v.union(
  [
    v.date(),
    v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000)),
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
  ],
  "a time in ISO 8601 or epoch seconds",
);

/** A summary as `GetTraceSummaries` gives it. */
export const RAW_SUMMARY = v.looseObject({
  Id: v.pipe(v.string(), v.regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/i, "a trace id")),
  StartTime: v.optional(TIME),
  Duration: v.optional(v.number()),
  ResponseTime: v.optional(v.number()),
  HasFault: flag,
  HasError: flag,
  HasThrottle: flag,
  IsPartial: flag,
  Http: v.optional(
    v.object({
      HttpURL: v.optional(v.string()),
      HttpStatus: v.optional(v.number()),
      HttpMethod: v.optional(v.string()),
      UserAgent: v.optional(v.string()),
      ClientIp: v.optional(v.string()),
    }),
    {},
  ),
  EntryPoint: v.optional(SERVICE),
  ServiceIds: v.optional(v.array(SERVICE), []),
  Users: v.optional(v.array(v.object({ UserName: v.optional(v.string()) })), []),
  Annotations: v.optional(
    v.record(
      v.string(),
      v.array(
        v.object({
          AnnotationValue: v.optional(
            v.object({
              StringValue: v.optional(v.string()),
              NumberValue: v.optional(v.number()),
              BooleanValue: v.optional(v.boolean()),
            }),
            {},
          ),
        }),
      ),
    ),
    {},
  ),
});

/** See {@link RAW_SUMMARY}. */
export type RawSummary = v.InferOutput<typeof RAW_SUMMARY>;

function serviceOf({ Name, Names, Type, AccountId }: v.InferOutput<typeof SERVICE>): ServiceName {
  return { name: Name ?? Names[0] ?? "", type: Type, accountId: AccountId };
}

/** Epoch milliseconds. */
function msOf(time: NonNullable<RawSummary["StartTime"]>): number {
  return typeof time === "number" ? time * 1000 : new Date(time).getTime();
}

/** A summary in the words of this tool. */
export function readSummary(raw: RawSummary): TraceSummary {
  const annotations = Object.entries(raw.Annotations).map(([key, values]) => [
    key,
    values.flatMap(({ AnnotationValue: { StringValue, NumberValue, BooleanValue } }) => {
      const value = StringValue ?? NumberValue ?? BooleanValue;
      return value === undefined ? [] : [value];
    }),
  ]);
  return {
    id: raw.Id,
    startMs: raw.StartTime === undefined ? startOfId(raw.Id) : msOf(raw.StartTime),
    durationS: raw.Duration,
    responseTimeS: raw.ResponseTime,
    fault: raw.HasFault,
    error: raw.HasError,
    throttle: raw.HasThrottle,
    partial: raw.IsPartial,
    http: {
      url: raw.Http.HttpURL,
      method: raw.Http.HttpMethod,
      userAgent: raw.Http.UserAgent,
      clientIp: raw.Http.ClientIp,
      status: raw.Http.HttpStatus,
    },
    entryPoint: raw.EntryPoint === undefined ? undefined : serviceOf(raw.EntryPoint),
    services: raw.ServiceIds.map(serviceOf),
    users: raw.Users.flatMap(({ UserName }) => UserName ?? []),
    annotations: Object.fromEntries(annotations),
  };
}
