import { InputError } from "../../instruments/terraform-file";
import type { Decider, Rule, SampledRequest } from "../sampling/rule";
import { liveRules } from "../sampling/rules";
import { type Simulation, simulate, tracedRate } from "../sampling/simulation";
import { type Finding, type Probe, undecidedByInput } from "./probe";
import type { Settings } from "./settings";

/** Requests a second the traced share is told for. */
const EXAMPLE_RATE = 100;
/** Share above which traces are many for production. */
const MANY = 0.5;
const EVIDENCE = "xray:GetSamplingRules";
const WANTED = "a rule that traces some and not all";

/** Whoever sees the request first decides: Lambda for a function, else a gateway by its host, else the program's SDK. */
function deciderOf({ functions }: Settings, url: URL): Decider {
  if (functions.length > 0) return "lambda";
  return /\.execute-api\./.test(url.hostname) ? "gateway" : "sdk";
}

/** The name in a function's name, ARN or partial ARN, whose alias or version no rule knows. */
function functionName(text: string): string {
  return /(?:^|:)function:([^:]+)/.exec(text)?.[1] ?? text.replace(/:.*$/, "");
}

function described(settings: Settings, { method, url }: NonNullable<Settings["request"]>): SampledRequest {
  const decider = deciderOf(settings, url);
  const serviceName = decider === "lambda" ? settings.functions.map(functionName)[0] : settings.services[0];
  return {
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(decider === "lambda" ? { serviceType: "AWS::Lambda::Function" } : {}),
    host: url.host,
    method,
    path: url.pathname,
    attributes: {},
    decider,
    decided: undefined,
  };
}

function figures({ name, priority, reservoir, rate }: Rule): string {
  return `${name} (priority ${priority}): ${reservoir} a second, then ${Math.round(rate * 10_000) / 100} %`;
}

function judge(simulation: Simulation, request: SampledRequest): Finding {
  const { rule, outcome, passed, limits } = simulation;
  const seen = {
    about: `${request.method} ${request.host}${request.path}`,
    evidence: EVIDENCE,
    wanted: WANTED,
  };
  if (rule === undefined || outcome === "open") {
    const [first] = passed;
    const found = first === undefined ? "no rule" : `${first.rule.name} ${first.why}`;
    const fix = "describe the request further: tracewright sampling simulate --live takes every field";
    return { ...seen, verdict: "undecided", found, fix };
  }
  const traced = tracedRate(simulation, request, EXAMPLE_RATE)?.perSecond ?? 0;
  const told = `${figures(rule)}; of ${EXAMPLE_RATE} requests a second ${Math.round(traced * 100) / 100} traced`;
  const found = request.decider === "lambda" ? `${told}. ${limits[0]}` : told;
  if (rule.reservoir === 0 && rule.rate === 0) {
    const fix = "give the rule a reservoir of 1 or a rate above 0; nothing it matches is ever traced";
    return { ...seen, verdict: "fail", found, fix };
  }
  if (rule.rate > MANY) {
    const fix =
      "fine while testing; for production lower fixed_rate (docs/sampling.md), traces are billed by the million";
    return { ...seen, verdict: "warn", found, fix };
  }
  return { ...seen, verdict: "pass", found };
}

/** DOC-3 too many traces, or none: the rule that decides about a request, and what it samples. */
export const sampling: Probe = {
  id: "sampling",
  label: "Sampling of a request",
  why: "A rule that matches first decides, and it may trace nothing, or everything.",
  weight: "advisory",
  missing: ({ request }) => (request === undefined ? '--request "GET https://HOST/PATH"' : undefined),
  look: async ({ settings }): Promise<readonly Finding[]> => {
    const { request, region } = settings;
    if (request === undefined) return [];
    try {
      const asked = described(settings, request);
      return [judge(simulate(await liveRules(region), asked), asked)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return [undecidedByInput(error, EVIDENCE)];
    }
  },
};
