/** What a line of a daemon's log says of the road to X-Ray. */
export interface LogVerdict {
  readonly verdict: "pass" | "warn" | "fail";
  /** Empty when all is well. */
  readonly fix: string;
}

/** The daemon's own format: time, level in brackets, words; a supervisor may put something before it. */
export const DAEMON_LINE =
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \[(?:Trace|Debug|Info|Warn|Error|Critical)\] (.*)$/;

/** A time with its zone, without which it could be any of 26 hours. */
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/;

/** When a line was written, epoch milliseconds; `undefined` when it does not say. */
export function timeOf(line: string): number | undefined {
  const time = Date.parse(TIME.exec(line)?.[0] ?? "");
  return Number.isNaN(time) ? undefined : time;
}

const REGION = /\[Info\] Using region: ([a-z0-9-]+)/;

/** The region the daemon says it sends to; `undefined` when the line is about something else. */
export function regionIn(line: string): string | undefined {
  return REGION.exec(line)?.[1];
}

/** What only this daemon writes. */
export const DAEMONS_WORDS =
  /X-Ray|segment|sampling|Using region|HTTP Proxy server|proxy http server|telemetry|buffer memory|Delaying sending/i;

const ROLE = "attach AWSXRayDaemonWriteAccess to the daemon's role, or the five actions of probe Permissions";
const NEW_KEYS = "give the daemon credentials that are valid: an instance or task role, or --role-arn";
const START =
  "start the daemon (systemctl start xray, or the sidecar), and give programs its address in AWS_XRAY_DAEMON_ADDRESS";

type Meaning = readonly [pattern: RegExp, verdict: LogVerdict["verdict"], fix: string];

const BATCH_FAILED = /Sending segment batch failed|Error sending (?:segment )?batch/;

/** Why a batch failed; the first pattern that matches decides. */
const BATCH_REASONS: readonly Meaning[] = [
  [/NoCredentialProviders|no valid providers|EC2RoleRequestError|CredentialsNotFound/, "fail", NEW_KEYS],
  [/ExpiredToken|UnrecognizedClient|InvalidClientTokenId/, "fail", NEW_KEYS],
  [
    /Signature expired|Signature not yet current|RequestExpired/,
    "fail",
    "set the clock of the daemon's host by NTP",
  ],
  [/AccessDenied|not authorized/, "fail", ROLE],
  [
    /Throttl|TooManyRequests|Rate exceeded/,
    "warn",
    "lower the sampling rate, or ask AWS for a larger PutTraceSegments quota",
  ],
  [
    /RequestError|dial tcp|no such host|timeout|refused/,
    "fail",
    "open the way from the daemon's host to https://xray.REGION.amazonaws.com: route, security group, or a VPC endpoint",
  ],
  [/(?:)/, "fail", `${ROLE}; or ${NEW_KEYS}`],
];

/** What other lines mean; the first pattern that matches decides. */
const MEANINGS: readonly Meaning[] = [
  [/Successfully sent batch of \d+ segments/, "pass", ""],
  [
    /had \d+ Unprocessed segments|Unprocessed segment:/,
    "fail",
    "read ErrorCode in the line: segments over 64 kB, times more than 14 days back or malformed ids are refused",
  ],
  [
    /Segment dropped\.|Spilling over \d+ segments/,
    "warn",
    "give the daemon more memory (--buffer-memory), or lower the sampling rate",
  ],
  [
    /Missing header or segment|Invalid header/,
    "warn",
    'begin each datagram with {"format":"json","version":1} and a line break; only an X-Ray SDK should send there',
  ],
  [
    /address already in use/,
    "fail",
    "end the other daemon on that port, or bind this one elsewhere with --bind",
  ],
  [/Unable to sign request/, "fail", NEW_KEYS],
  [
    /Unable to retrieve the region|region from the EC2|MissingRegion/,
    "fail",
    "start the daemon with --region REGION",
  ],
  [/connection refused|ECONNREFUSED/i, "fail", START],
  [
    /Initializing AWS X-Ray daemon|Starting proxy http server/,
    "warn",
    "send it a segment: compare AWS_XRAY_DAEMON_ADDRESS of the programs with where the daemon is bound, or use --send-test-segment",
  ],
];

/** What a line means; `undefined` when it says nothing of the road. @param line lines that continue it joined on */
export function meaningOf(line: string): LogVerdict | undefined {
  const meanings = BATCH_FAILED.test(line) ? BATCH_REASONS : MEANINGS;
  const [, verdict, fix = ""] = meanings.find(([pattern]) => pattern.test(line)) ?? [];
  return verdict === undefined ? undefined : { verdict, fix };
}
