import { COMMON_VARIABLES, SERVICE_VARIABLES, type VariableOf } from "../../contract/environment-variables";
import { ENVIRONMENTS, type Environment } from "../../contract/names";
import { functionName, SERVICES, type ServiceKey } from "../../contract/services";

/** What every function's configuration has. */
export interface CommonConfig {
  readonly service: ServiceKey;
  readonly environment: Environment;
  /** The Lambda function name, value of the `FunctionName` dimension. */
  readonly functionName: string;
  readonly variables: Readonly<Record<(typeof COMMON_VARIABLES)[number], string>>;
}

/** A function's validated configuration. */
export interface Config<S extends ServiceKey> extends CommonConfig {
  readonly service: S;
  /** The environment variables of the contract, all present and non-empty. */
  readonly variables: Readonly<Record<VariableOf<S>, string>>;
}

function problemOf(service: ServiceKey, name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return "is not set";
  if (name === "ENVIRONMENT" && !ENVIRONMENTS.some((known) => known === value)) {
    return `must be one of ${ENVIRONMENTS.join(", ")}`;
  }
  if (name === "POWERTOOLS_SERVICE_NAME" && value !== SERVICES[service].serviceName) {
    return `must be ${SERVICES[service].serviceName} (TRC-6)`;
  }
  if (name.endsWith("_ARN") && !value.startsWith("arn:")) return "must be an ARN";
  if (name.endsWith("_URL") && !/^https?:\/\/[^/]+/.test(value)) return "must be an http or https URL";
  return undefined;
}

/**
 * Reads a function's configuration from its environment variables, once, at cold start.
 *
 * @throws Error naming every missing or invalid variable at once; values are never part of it
 */
export function loadConfig<S extends ServiceKey>(
  service: S,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Config<S> {
  const names = [...COMMON_VARIABLES, ...SERVICE_VARIABLES[service]] as readonly VariableOf<S>[];
  const problems = names
    .map((name) => ({ name, problem: problemOf(service, name, source[name]) }))
    .filter(({ problem }) => problem !== undefined);
  if (problems.length > 0) {
    const list = problems.map(({ name, problem }) => `${name} ${problem}`).join("; ");
    throw new Error(
      `${service} cannot start: ${list}. ` +
        "The function's construct in modules/ sets them from contract/environment-variables.ts; deploy it again.",
    );
  }
  const variables = Object.fromEntries(names.map((name) => [name, source[name]]));
  const environment = source["ENVIRONMENT"] as Environment;
  return {
    service,
    environment,
    functionName: functionName(environment, service),
    variables: variables as Record<VariableOf<S>, string>,
  };
}
