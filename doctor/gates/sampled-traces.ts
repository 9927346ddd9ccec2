import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import { JUDGED_SERVICES } from "../../contract/trace-structure";
import type { Trace } from "../xray/trace";
import type { Window } from "../xray/window";
import type { GateSource } from "./gate-source";

/** Traces of each function that are looked at. */
const PER_FUNCTION = 20;

/** Some traces of every function of an environment. @throws InputError when AWS or a recording refuses */
export async function sampledTraces(
  source: GateSource,
  environment: Environment,
  window: Window,
  progress: (text: string) => void,
): Promise<readonly Trace[]> {
  const ids = new Set<string>();
  for (const service of JUDGED_SERVICES) {
    const name = functionName(environment, service);
    progress(`looking for traces of ${name}`);
    for (const { id } of await source.summaries(window, `service("${name}")`, PER_FUNCTION)) ids.add(id);
    if (source.replays) break;
  }
  return (await source.traces([...ids])).traces;
}
