import { Command, InvalidArgumentError, Option } from "commander";
import { ENVIRONMENTS, type Environment } from "../../contract/names";
import { DEFAULT_SAMPLING_RATES } from "../../contract/sampling";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError, readTerraform } from "../../instruments/terraform-file";
import { simulationText } from "./people";
import type { ComparedField, Decider, Rule, SampledRequest } from "./rule";
import { contractRules, liveRules, plannedRules } from "./rules";
import { simulate, tracedRate } from "./simulation";

interface Options {
  readonly environment?: Environment;
  readonly plan?: string;
  readonly live?: boolean;
  readonly region?: string;
  readonly service: string;
  readonly type?: string;
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly resourceArn?: string;
  readonly attribute?: Readonly<Record<string, string>>;
  readonly header?: string;
  readonly decider?: Decider;
  readonly rps: number;
  readonly json?: boolean;
}

const AFTER = `
Examples:
  tracewright sampling simulate --environment prod --service prod-sentiment-api/v1 --rps 1000
  tracewright sampling simulate --live --service prod-sentiment-sse --header 'Root=1-…;Sampled=1'

A gateway is named API/STAGE, a function by its name. docs/sampling.md says who decides for which function, and what a
rule cannot do.

Exit codes: 0 told, 2 wrong usage or rules that cannot be read, 3 the request is not described well enough to tell.`;

const TYPES: Readonly<Record<Decider, string | undefined>> = {
  gateway: "AWS::APIGateway::Stage",
  lambda: "AWS::Lambda::Function",
  sdk: undefined,
};

function rate(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("expected requests a second, more than 0 and at most 1000000.");
}

function attribute(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [key = "", ...value] = text.split("=");
  if (key === "" || value.length === 0) throw new InvalidArgumentError("expected NAME=VALUE.");
  return { ...before, [key]: value.join("=") };
}

async function rulesOf({ environment, plan, live, region }: Options): Promise<readonly Rule[]> {
  const given = [environment, plan, live].filter((one) => one !== undefined).length;
  if (given !== 1) {
    throw new InputError(
      "--environment, --plan, --live",
      given === 0 ? "none" : "several",
      "one of them, which says where the rules come from",
      "tracewright sampling simulate --help shows examples",
    );
  }
  if (environment !== undefined) return contractRules(environment, DEFAULT_SAMPLING_RATES[environment]);
  return plan === undefined ? await liveRules(region) : plannedRules(readTerraform(plan));
}

/** A gateway's stage is written with a slash, a function's name has none. */
function deciderOf({ decider, service }: Options): Decider {
  return decider ?? (service.includes("/") ? "gateway" : "lambda");
}

function decidedOf(header: string | undefined): SampledRequest["decided"] {
  const decision = /(?:^|;)\s*Sampled=([01])\s*(?:;|$)/.exec(header ?? "")?.[1];
  if (decision === undefined) return undefined;
  return decision === "1" ? "sampled" : "not sampled";
}

function requestOf(options: Options): SampledRequest {
  const decider = deciderOf(options);
  const { service, type = TYPES[decider], host, method, path, resourceArn } = options;
  const given: Readonly<Record<ComparedField, string | undefined>> = {
    serviceName: service,
    serviceType: type,
    host,
    method,
    path,
    resourceArn,
  };
  const told: Partial<Record<ComparedField, string>> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  return { ...told, attributes: options.attribute ?? {}, decider, decided: decidedOf(options.header) };
}

async function run(terminal: Terminal, options: Options): Promise<Exit> {
  const request = requestOf(options);
  const simulation = simulate(await rulesOf(options), request);
  const traced = tracedRate(simulation, request, options.rps);
  if (options.json === true)
    terminal.out(
      JSON.stringify({ request, requestsPerSecond: options.rps, ...simulation, traced }, undefined, 2),
    );
  else terminal.out(simulationText(terminal, simulation, request, options.rps, traced));
  return simulation.outcome === "open" ? EXIT.undecided : EXIT.fine;
}

/** The command `tracewright sampling`. */
export function samplingCommand(terminal: Terminal): Command {
  const command = new Command("simulate")
    .description(
      "Say which sampling rule decides about a request, why the others do not, and how much is recorded.",
    )
    .addOption(
      new Option("--environment <name>", "rules of an environment of this application").choices(ENVIRONMENTS),
    )
    .option("--plan <file>", "rules of a Terraform plan, state or configuration (JSON)")
    .option("--live", "the rules X-Ray has now")
    .option("--region <region>", "AWS region of --live; default: the SDK's")
    .requiredOption("--service <name>", "service name: a function's, or API/STAGE of a gateway")
    .option("--type <type>", "service type; default: that of who decides")
    .option("--host <host>", "host of the request")
    .option("--method <method>", "method of the request")
    .option("--path <path>", "path of the request")
    .option("--resource-arn <arn>", "ARN of the resource that serves it")
    .option("--attribute <name=value>", "header of the request; may be given again", attribute)
    .option("--header <value>", "trace header the caller sends")
    .addOption(new Option("--decider <who>", "who decides first").choices(["gateway", "lambda", "sdk"]))
    .option("--rps <count>", "requests a second", rate, 1)
    .option("--json", "print the answer as JSON")
    .addHelpText("after", AFTER)
    .action(async (options: Options) => {
      process.exitCode = await run(terminal, options);
    });
  return new Command("sampling")
    .summary("simulate sampling rules")
    .description("Say what X-Ray's sampling rules do to a request.")
    .addCommand(command);
}
