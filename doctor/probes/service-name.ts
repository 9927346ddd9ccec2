import { paginateGetServiceGraph, XRayClient } from "@aws-sdk/client-xray";
import { type Answer, ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import { type Finding, type Probe, undecidedBy } from "./probe";
import type { Surroundings } from "./surroundings";

const HOUR_MS = 3_600_000;
/** X-Ray's own limit on a graph's time is six hours. */
const LOOK_BACK_MS = 6 * HOUR_MS;
const EVIDENCE = "xray:GetServiceGraph, the last 6 h";
const VARIABLES = "the function's variables";
/** Names that are shown of those found. */
const SHOWN = 12;

/** The first that is set names the service, as its SDK reads it. */
const NAME_VARIABLES = [
  "OTEL_SERVICE_NAME",
  "POWERTOOLS_SERVICE_NAME",
  "SERVICE_NAME",
  "AWS_XRAY_TRACING_NAME",
];

interface Expected {
  readonly names: readonly string[];
  /** Functions whose variables could not be read, each as a finding. */
  readonly unread: readonly Finding[];
}

async function expected({ settings, functionFacts }: Surroundings): Promise<Expected> {
  const names = new Set(settings.services);
  const unread: Finding[] = [];
  for (const about of settings.functions) {
    const facts = await functionFacts(about);
    const variables = facts.kind === "trouble" ? facts : facts.value.variables;
    if (variables.kind === "trouble") {
      unread.push(undecidedBy(variables.trouble, VARIABLES, about));
      continue;
    }
    const name = NAME_VARIABLES.map((key) => variables.value[key]).find(
      (value) => value !== undefined && value !== "",
    );
    if (name !== undefined) names.add(name);
  }
  return { names: [...names], unread };
}

async function graphNames({ settings, now }: Surroundings): Promise<Answer<ReadonlySet<string>>> {
  const client = new XRayClient(clientOptions(settings.region));
  const answer = await ask({ action: "xray:GetServiceGraph", region: settings.region }, async () => {
    const names = new Set<string>();
    const end = now();
    const window = { StartTime: new Date(end - LOOK_BACK_MS), EndTime: new Date(end) };
    for await (const { Services = [] } of paginateGetServiceGraph({ client }, window))
      for (const { Name, Names = [] } of Services)
        for (const name of [Name, ...Names]) if (name) names.add(name);
    return names;
  });
  client.destroy();
  return answer;
}

function judge(about: string, names: ReadonlySet<string>): Finding {
  const seen = { about, evidence: EVIDENCE, wanted: `a node named ${about}` };
  if (names.has(about)) return { ...seen, verdict: "pass", found: "it is there" };
  if (names.size === 0) {
    const fix =
      "send a request and wait a minute; if the graph stays empty, follow the other probes from the top";
    return { ...seen, verdict: "fail", found: "an empty graph", fix };
  }
  const shown = [...names].sort().slice(0, SHOWN).join(", ");
  const unnamed = [...names].some((name) => name.startsWith("unknown_service"));
  const fix = unnamed
    ? "give the OpenTelemetry resource a service.name (OTEL_SERVICE_NAME is ignored by a plain provider)"
    : "set OTEL_SERVICE_NAME or POWERTOOLS_SERVICE_NAME, send a request, and look in the same region";
  return { ...seen, verdict: "fail", found: shown, fix };
}

/** DOC-3 service name: the expected names appear in the service graph. */
export const serviceName: Probe = {
  id: "service-name",
  label: "Service in the graph",
  why: "A service that is missing or named otherwise is found by nobody who searches for it.",
  weight: "required",
  missing: ({ services, functions }) =>
    services.length + functions.length === 0 ? "--service NAME or --function NAME" : undefined,
  look: async (surroundings) => {
    const { names, unread } = await expected(surroundings);
    if (names.length === 0 && unread.length > 0) return unread;
    if (names.length === 0) {
      const found = "no variable that names the service";
      const fix = "set POWERTOOLS_SERVICE_NAME or OTEL_SERVICE_NAME on the function, or give --service NAME";
      const wanted = "a name to look for";
      return [{ verdict: "undecided", evidence: VARIABLES, found, wanted, fix }];
    }
    const graph = await graphNames(surroundings);
    if (graph.kind === "trouble") return [undecidedBy(graph.trouble, EVIDENCE), ...unread];
    return [...names.map((name) => judge(name, graph.value)), ...unread];
  },
};
