import { DEFAULT_RULE, matches, sampled } from "../../instruments/cost/sampling";
import { COMPARED, type ComparedField, type Decider, FIELDS, type Rule, type SampledRequest } from "./rule";

/** Why a rule did not decide. */
export interface Passed {
  readonly rule: Rule;
  readonly why: string;
}

/** What happens to a request. */
export interface Simulation {
  /** `decided` when the caller's header says so already, `open` when the request is not described well enough. */
  readonly outcome: "rule" | "decided" | "open";
  /** The rule that decides; absent unless one does. */
  readonly rule: Rule | undefined;
  /** The other rules in order of priority. */
  readonly passed: readonly Passed[];
  /** What a rule cannot do here. */
  readonly limits: readonly string[];
}

/** Fields a decider never compares: rules that ask for them pass it by. */
const BLIND: Readonly<Record<Decider, readonly ComparedField[]>> = {
  gateway: ["path"],
  lambda: ["host", "method", "path"],
  sdk: ["resourceArn"],
};

const NAMES: Readonly<Record<Decider, string>> = {
  gateway: "API Gateway",
  lambda: "Lambda",
  sdk: "the X-Ray SDK",
};

const LIMITS: Readonly<Record<Decider, readonly string[]>> = {
  gateway: ["a client whose header says Sampled=1 or Sampled=0 is believed, and no rule is asked (R-10)"],
  lambda: [
    "AWS documents that Lambda samples one request a second and 5 % of the rest, whatever rules say: these figures are a wish until they have been tried (R-11)",
    "a caller whose header says Sampled=1 or Sampled=0 is believed, and no rule is asked; on a Function URL anybody may send one (R-10)",
  ],
  sdk: ["a caller whose header says Sampled=1 or Sampled=0 is believed, and no rule is asked"],
};

/** Sampling comes before the outcome, so no rule can know it. */
const BLIND_TO_OUTCOME = "no rule can ask for all errors: it decides before the outcome is known (SMP-9)";

/** Whether a rule fits: nothing to say, why not, or which option would tell. */
type Fit = { readonly kind: "fits" } | { readonly kind: "differs" | "unknown"; readonly why: string };

function fieldFit(rule: Rule, request: SampledRequest, field: ComparedField): Fit {
  const { label, option } = FIELDS[field];
  const [pattern, value] = [rule[field], request[field]];
  if (pattern === "*") return { kind: "fits" };
  if (BLIND[request.decider].includes(field))
    return {
      kind: "differs",
      why: `asks for the ${label} ${pattern}, which ${NAMES[request.decider]} does not compare`,
    };
  if (value === undefined)
    return { kind: "unknown", why: `asks for the ${label} ${pattern}: ${option} would tell whether it fits` };
  return matches(pattern, value)
    ? { kind: "fits" }
    : { kind: "differs", why: `asks for the ${label} ${pattern}, not ${value}` };
}

function attributesFit(rule: Rule, { attributes, decider }: SampledRequest): Fit {
  const wanted = Object.entries(rule.attributes);
  if (wanted.length > 0 && decider !== "gateway")
    return { kind: "differs", why: `asks for attributes, which ${NAMES[decider]} does not compare` };
  for (const [key, pattern] of wanted) {
    const value = attributes[key];
    if (value === undefined)
      return {
        kind: "unknown",
        why: `asks for the header ${key}: --attribute ${key}=… would tell whether it fits`,
      };
    if (!matches(pattern, value))
      return { kind: "differs", why: `asks for the header ${key} to be ${pattern}` };
  }
  return { kind: "fits" };
}

/** Whether a rule fits a request: what differs counts more than what is unknown. */
function fitOf(rule: Rule, request: SampledRequest): Fit {
  const fits = [...COMPARED.map((field) => fieldFit(rule, request, field)), attributesFit(rule, request)];
  return (
    fits.find(({ kind }) => kind === "differs") ??
    fits.find(({ kind }) => kind === "unknown") ?? { kind: "fits" }
  );
}

/** By priority, then by name, as X-Ray goes through them. */
function ordered(rules: readonly Rule[]): readonly Rule[] {
  return [...rules].sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

/** Finds the rule that decides about a request, and says why the others do not (SMP-1, SMP-9, R-10, R-11). */
export function simulate(rules: readonly Rule[], request: SampledRequest): Simulation {
  const limits = [...LIMITS[request.decider], BLIND_TO_OUTCOME];
  if (request.decided !== undefined) {
    const why = `the caller's header says ${request.decided}, so no rule is asked`;
    return {
      outcome: "decided",
      rule: undefined,
      passed: ordered(rules).map((rule) => ({ rule, why })),
      limits,
    };
  }
  const passed: Passed[] = [];
  let decider: Rule | undefined;
  let open = false;
  for (const rule of ordered(rules)) {
    const fit = fitOf(rule, request);
    if (decider !== undefined) passed.push({ rule, why: `comes after ${decider.name}` });
    else if (fit.kind === "fits") decider = rule;
    else {
      open ||= fit.kind === "unknown";
      passed.push({ rule, why: fit.why });
    }
  }
  const outcome = open || decider === undefined ? "open" : "rule";
  return { outcome, rule: decider, passed, limits };
}

/** Traces a second. */
export interface TracedRate {
  /** As the rule or the header says. */
  readonly perSecond: number;
  /** As AWS documents it for Lambda, whatever rules say; absent elsewhere. */
  readonly lambdaPerSecond: number | undefined;
}

/**
 * Traces recorded at a rate of requests (SMP-9); `undefined` while the decision is open.
 *
 * @param perSecond requests a second
 */
export function tracedRate(
  { outcome, rule }: Simulation,
  { decided, decider }: SampledRequest,
  perSecond: number,
): TracedRate | undefined {
  if (outcome === "decided")
    return { perSecond: decided === "sampled" ? perSecond : 0, lambdaPerSecond: undefined };
  if (outcome === "open" || rule === undefined) return undefined;
  const lambdaPerSecond = decider === "lambda" ? sampled(perSecond, DEFAULT_RULE) : undefined;
  return { perSecond: sampled(perSecond, rule), lambdaPerSecond };
}
