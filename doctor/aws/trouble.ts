import { InputError } from "../../instruments/terraform-file";
import { skewInWords, skewOf } from "./clock";
import { type Failure, failureOf } from "./failure";
import { type TroubleKind, troubleKind } from "./trouble-kind";

/** What was asked of AWS, for messages. */
export interface AwsRequest {
  /** As IAM names it, for example `xray:GetTraceSummaries`. */
  readonly action: string;
  /** What was asked about, for example `--function checkout`; the action when it is about nothing in particular. */
  readonly subject?: string;
  /** Where it was asked; `undefined` for the SDK's own region. */
  readonly region?: string | undefined;
  /** Account a bucket was expected to belong to. */
  readonly owner?: string;
}

/** Why AWS did not answer as asked, and what to do. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** What was seen, AWS's own words included; cut when long. */
  readonly found: string;
  readonly expected: string;
  readonly nextStep: string;
}

type Advice = (asked: AwsRequest, failure: Failure) => readonly [expected: string, nextStep: string];

const LOGIN =
  "run aws sso login or aws configure, or set AWS_PROFILE; aws sts get-caller-identity shows who you are";

function deniedAction(asked: AwsRequest, { message }: Failure): string {
  return /not authorized to perform: ([a-z0-9-]+:\w+)/.exec(message)?.[1] ?? asked.action;
}

function regionOf({ region }: AwsRequest): string {
  return region ?? "the SDK's own region (AWS_REGION or the profile's)";
}

const ADVICE: Readonly<Record<TroubleKind, Advice>> = {
  "no-credentials": () => ["AWS credentials", LOGIN],
  expired: () => ["credentials that are still valid", `get new ones: ${LOGIN}`],
  "rejected-credentials": (asked) => [
    "credentials AWS knows",
    `compare access key and secret with the console's; ${regionOf(asked)} may not be switched on for the account; AWS_ENDPOINT_URL must be unset when AWS itself is meant`,
  ],
  clock: () => [
    "a clock that agrees with AWS to five minutes",
    "set this machine's clock by NTP (timedatectl set-ntp true, or chrony); in a virtual machine or container, set its host's",
  ],
  denied: (asked, failure) => [
    `permission for ${deniedAction(asked, failure)}`,
    `allow ${deniedAction(asked, failure)} to the identity that aws sts get-caller-identity shows, or use another AWS_PROFILE`,
  ],
  "other-account": ({ owner, action }) => [
    `a bucket of account ${owner} and permission for ${action} on it`,
    "name a bucket of that account, or allow the action; S3 does not say which of the two is missing",
  ],
  throttled: ({ action }) => [
    `${action} to be answered`,
    "wait a minute and ask for less at a time; other tools that poll the same API share its limit",
  ],
  "no-region": () => ["an AWS region", "give --region, or set AWS_REGION"],
  "other-region": ({ action }, { headers }) => {
    const there = headers["x-amz-bucket-region"];
    return [
      `${action} in the region of what is asked about`,
      `give --region ${there ?? "of where it lives"}`,
    ];
  },
  unreachable: (asked) => [
    "an AWS endpoint that answers",
    `check that ${regionOf(asked)} exists, then network, proxy and AWS_ENDPOINT_URL`,
  ],
  late: ({ action }) => [
    `an answer to ${action} within seconds`,
    "check network, proxy and AWS_ENDPOINT_URL, then try again",
  ],
  "not-found": (asked) => [
    `${asked.subject ?? "it"} in ${regionOf(asked)}`,
    "check the name, the region (--region) and the account (aws sts get-caller-identity)",
  ],
  refused: ({ action }) => [`a request ${action} accepts`, "correct what AWS names"],
  "aws-fault": ({ action }) => [
    `${action} to be answered`,
    "try again in a minute; health.aws.amazon.com tells of outages",
  ],
  unknown: ({ action }) => [`${action} to be answered`, "check credentials, region and network"],
};

const NOBODYS = /^(?:Error|Unknown|UnknownError|)$/;

function seen(kind: TroubleKind, failure: Failure, now: number): string {
  const { name, message, code, host, status, headers } = failure;
  const label = NOBODYS.test(name) ? code || (status > 0 ? `status ${status}` : "") : name;
  const words = [label, message].filter((part) => part !== "" && !NOBODYS.test(part)).join(": ");
  const at = host === "" || words.includes(host) ? "" : ` (${host})`;
  const skew = skewOf(headers["date"], now);
  const clock = kind === "clock" && skew !== undefined ? `; this clock is ${skewInWords(skew)}` : "";
  return `${words || "an error without words"}${at}${clock}`;
}

/**
 * Says why a call to AWS failed and what to do about it.
 *
 * @param error what an AWS client threw
 * @param now epoch milliseconds of this machine
 */
export function troubleOf(error: unknown, asked: AwsRequest, now: number = Date.now()): Trouble {
  const failure = failureOf(error);
  const told = troubleKind(failure, now);
  // S3 gives one answer to "not allowed" and "not the account you expect".
  const kind = told === "denied" && asked.owner !== undefined ? "other-account" : told;
  const [expected, nextStep] = ADVICE[kind](asked, failure);
  return { kind, found: seen(kind, failure, now), expected, nextStep };
}

/** The same as an error for the user, to be thrown. */
export function awsFault(error: unknown, asked: AwsRequest, now: number = Date.now()): InputError {
  const { found, expected, nextStep } = troubleOf(error, asked, now);
  return new InputError(asked.subject ?? asked.action, found, expected, nextStep);
}
