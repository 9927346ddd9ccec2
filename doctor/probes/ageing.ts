import { AGEING } from "../../contract/ageing";
import { type Finding, type Probe, undecidedBy } from "./probe";
import type { Surroundings } from "./surroundings";

const YEAR_MS = 365 * 86_400_000;
const NODE = /^nodejs(\d+)\.x$/;

function stale(now: number): Finding {
  const old = Object.entries(AGEING)
    .filter(([, { checked }]) => now - Date.parse(checked) > YEAR_MS)
    .map(([name, { value, checked }]) => `${name} (${value}, checked ${checked})`);
  const seen = {
    evidence: `the ${Object.keys(AGEING).length} entries of contract/ageing.ts`,
    wanted: "each checked within a year",
  };
  if (old.length === 0) return { ...seen, verdict: "pass", found: "none is older" };
  const fix = "look each up at its source, change it if it moved, and date the entry";
  return { ...seen, verdict: "warn", found: old.join(", "), fix };
}

/** Whether a function runs on an older Node.js than the contract names. */
async function runtimes({ settings, functionFacts }: Surroundings): Promise<readonly Finding[]> {
  const newest = AGEING.lambdaRuntime.value;
  return Promise.all(
    settings.functions.map(async (about): Promise<Finding> => {
      const facts = await functionFacts(about);
      const evidence = "lambda:GetFunctionConfiguration, Runtime";
      if (facts.kind === "trouble") return undecidedBy(facts.trouble, evidence, about);
      const { runtime } = facts.value;
      const seen = { about, evidence, wanted: `${newest}, or no managed Node.js` };
      const major = Number(NODE.exec(runtime)?.[1] ?? Number.POSITIVE_INFINITY);
      const found = runtime === "" ? "a container image" : runtime;
      if (major >= Number(NODE.exec(newest)?.[1])) return { ...seen, verdict: "pass", found };
      return { ...seen, verdict: "warn", found, fix: `deploy it on ${newest} before AWS retires ${runtime}` };
    }),
  );
}

/** Things that go stale: runtimes, versions and what was looked up by hand. */
export const ageing: Probe = {
  id: "ageing",
  label: "Things that age",
  why: "Runtimes, collectors and prices change without a word to those who wrote them down.",
  weight: "advisory",
  missing: () => undefined,
  look: async (surroundings) => [stale(surroundings.now()), ...(await runtimes(surroundings))],
};
