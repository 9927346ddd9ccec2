import { type Finding, type Probe, undecidedBy } from "./probe";
import type { Surroundings } from "./surroundings";

const NAME = "AWS_XRAY_DEBUG_MODE";
const MEANING = "the SDK logs every segment it sends; it does not tell whether a daemon or X-Ray took it";

function judge(about: string, value: string | undefined): Finding {
  const seen = { about, evidence: NAME, wanted: "not set, except while somebody reads the log" };
  if (value === undefined || value === "") return { ...seen, verdict: "pass", found: "not set" };
  // Any text switches it on, "false" and "0" included.
  const found = `set to "${value.slice(0, 20)}": ${MEANING}`;
  const fix =
    "remove it afterwards: whole segments go to the log, its volume is billed, and AWS_XRAY_LOG_LEVEL is ignored";
  return { ...seen, verdict: "warn", found, fix };
}

async function look({ settings, variables, functionFacts }: Surroundings): Promise<readonly Finding[]> {
  const functions = await Promise.all(
    settings.functions.map(async (name) => ({ name, facts: await functionFacts(name) })),
  );
  return [
    judge("this machine", variables[NAME]),
    ...functions.map(({ name, facts }) => {
      const known = facts.kind === "trouble" ? facts : facts.value.variables;
      return known.kind === "trouble"
        ? undecidedBy(known.trouble, NAME, name)
        : judge(name, known.value[NAME]);
    }),
  ];
}

/** DOC-3 debug mode: explains what it shows and what it costs. */
export const debugMode: Probe = {
  id: "debug-mode",
  label: "Debug mode of the X-Ray SDK",
  why: "Debug mode shows that segments are made, which tells a broken program from a broken road.",
  weight: "advisory",
  missing: () => undefined,
  look,
};
