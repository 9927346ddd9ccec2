import { apiTraceName } from "../../contract/api";
import { TOPICS } from "../../contract/messaging";
import type { Environment } from "../../contract/names";
import { DEFAULT_SAMPLING_RATES } from "../../contract/sampling";
import { functionName, SERVICE_KEYS, SERVICES, type ServiceKey, type Trigger } from "../../contract/services";
import type { Decider } from "./rule";
import { contractRules } from "./rules";
import { simulate } from "./simulation";

/** Who decides whether an invocation of a function is recorded (SMP-3). */
export interface FunctionDecision {
  readonly service: ServiceKey;
  /** Who is asked first when nobody upstream has decided. */
  readonly decider: Decider;
  /** Whose decision is kept instead, if there is one. */
  readonly kept: string;
  /** True when the function's own trace begins here unless somebody upstream decided. */
  readonly root: boolean;
}

function keptBy(trigger: Trigger): string {
  switch (trigger.kind) {
    case "api":
      return "a client's, sent with the request";
    case "url":
      return "a client's, sent with the request; nothing can override it (R-10)";
    case "topic":
      return TOPICS[trigger.topic].traced ? "the publisher's, carried by SNS" : "nobody's";
    case "schedule":
      return "nobody's";
  }
}

/** Who decides for each function, in the contract's order. */
export function functionDecisions(): readonly FunctionDecision[] {
  return SERVICE_KEYS.map((service) => {
    const { trigger }: { readonly trigger: Trigger } = SERVICES[service];
    const gateway = trigger.kind === "api";
    return { service, decider: gateway ? "gateway" : "lambda", kept: keptBy(trigger), root: !gateway };
  });
}

/** The name of the rule that is asked about a function in an environment. */
export function ruleFor(environment: Environment, { service, decider }: FunctionDecision): string {
  const serviceName = decider === "gateway" ? apiTraceName(environment) : functionName(environment, service);
  const request = { serviceName, attributes: {}, decider, decided: undefined };
  const { rule } = simulate(contractRules(environment, DEFAULT_SAMPLING_RATES[environment]), request);
  return rule?.name ?? "none";
}

const WHO: Readonly<Record<Decider, string>> = { gateway: "API Gateway", lambda: "Lambda", sdk: "its SDK" };

/** The table of `docs/sampling.md`, from the contract. */
export function decidersTable(): string {
  const rows = functionDecisions().map((decision) =>
    [
      `\`${decision.service}\``,
      WHO[decision.decider],
      decision.kept,
      `\`${ruleFor("dev", decision)}\``,
      `\`${ruleFor("prod", decision)}\``,
    ].join(" | "),
  );
  return [
    "| Function | Who decides | Whose decision is kept | Rule in dev | Rule in prod |",
    "|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
