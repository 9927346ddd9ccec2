import { plain } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import type { Rule, SampledRequest } from "./rule";
import type { Simulation, TracedRate } from "./simulation";

function figures({ reservoir, rate }: Rule): string {
  return `${reservoir} a second and ${Math.round(rate * 10_000) / 100} % of the rest`;
}

function headline({ outcome, rule }: Simulation, { decided }: SampledRequest): string {
  if (outcome === "decided") return `decided before: the caller's header says ${decided}`;
  if (outcome === "open") return "cannot be told: a rule asks for what the request does not say";
  return rule === undefined ? "no rule" : `${rule.name} (priority ${rule.priority}): ${figures(rule)}`;
}

function perSecond(count: number): string {
  return `${Math.round(count * 100) / 100}`;
}

function tracedText(requests: number, traced: TracedRate | undefined): readonly string[] {
  if (traced === undefined) return [];
  const documented =
    traced.lambdaPerSecond === undefined
      ? ""
      : `; as AWS documents Lambda: ${perSecond(traced.lambdaPerSecond)}`;
  return [
    `${perSecond(traced.perSecond)} of ${perSecond(requests)} requests a second are recorded${documented}`,
  ];
}

/** A simulation as a person reads it. @param requests requests a second */
export function simulationText(
  terminal: Terminal,
  simulation: Simulation,
  request: SampledRequest,
  requests: number,
  traced: TracedRate | undefined,
): string {
  const { passed, limits, outcome } = simulation;
  return [
    terminal.paint(outcome === "open" ? "yellow" : "bold", plain(headline(simulation, request))),
    ...tracedText(requests, traced),
    ...(passed.length === 0 ? [] : ["", terminal.paint("underline", "Rules that do not decide")]),
    ...passed.map(({ rule, why }) => plain(`  ${rule.name} (priority ${rule.priority}) ${why}`)),
    "",
    terminal.paint("underline", "What a rule cannot do here"),
    ...limits.map((limit) => `  ${limit}`),
  ].join("\n");
}
