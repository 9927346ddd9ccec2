import { InvalidArgumentError } from "commander";
import { InputError } from "../../instruments/terraform-file";
import type { Probe } from "../probes/probe";
import { PROBES } from "../probes/registry";
import type { Settings } from "../probes/settings";

/** The command's options as they are typed. */
export interface Options {
  readonly region?: string;
  readonly role: readonly string[];
  readonly function: readonly string[];
  readonly topic: readonly string[];
  readonly service: readonly string[];
  readonly url: readonly URL[];
  readonly daemon?: string;
  readonly daemonLog?: string;
  readonly collector?: string;
  readonly collectorConfig?: string;
  readonly pins: string;
  readonly entry?: string;
  readonly trace?: string;
  readonly request?: { readonly method: string; readonly url: URL };
  readonly sendTestSegment?: boolean;
  readonly only: readonly string[];
  readonly verbose?: boolean;
  readonly json?: boolean;
}

const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const TOPIC = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/;
const FUNCTION = /^[\w:$-]{1,170}$/;

function collected<T>(read: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => [...before, read(text)];
}

function matching(pattern: RegExp, expected: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`expected ${expected}.`);
  };
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new InvalidArgumentError("expected an address that begins with https:// or http://.");
}

function request(text: string): { readonly method: string; readonly url: URL } {
  const [, method = "", rest = ""] = /^([A-Za-z]{1,10}) +(\S+)$/.exec(text) ?? [];
  if (method !== "") return { method: method.toUpperCase(), url: address(rest) };
  throw new InvalidArgumentError('expected a method and an address, "GET https://api.example.com/orders".');
}

/** Reads an option that may be given more than once. */
export const READ = {
  role: collected(matching(ROLE, "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME")),
  function: collected(matching(FUNCTION, "the name or ARN of a Lambda function")),
  topic: collected(matching(TOPIC, "the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME")),
  service: collected((text: string) => text),
  url: collected(address),
  only: collected((text: string) => text),
  collector: (text: string, _before: unknown) => address(text).href,
  request: (text: string, _before: unknown) => request(text),
} as const;

/** The probes to ask. @throws InputError when `--only` names one that does not exist */
export function chosen(only: readonly string[]): readonly Probe[] {
  const known = PROBES.map(({ id }) => id);
  const unknown = only.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new InputError(
      `--only ${unknown.slice(0, 60)}`,
      "no probe of that name",
      known.join(", "),
      "choose among these",
    );
  return only.length === 0 ? PROBES : PROBES.filter(({ id }) => only.includes(id));
}

/** The probes' settings; daemon and collector also come from the variables SDKs read. */
export function settingsOf(
  options: Options,
  variables: Readonly<Record<string, string | undefined>>,
): Settings {
  const { region, daemonLog, collectorConfig, entry, trace, pins, request } = options;
  const daemon = options.daemon ?? (variables["AWS_XRAY_DAEMON_ADDRESS"] || undefined);
  const collector = options.collector ?? (variables["OTEL_EXPORTER_OTLP_ENDPOINT"] || undefined);
  const given = { region, daemon, daemonLog, collector, collectorConfig, entry, trace, request };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    roles: options.role,
    functions: options.function,
    topics: options.topic,
    services: options.service,
    urls: options.url,
    pins,
    sendTestSegment: options.sendTestSegment ?? false,
  };
}
