import { looseObject, safeParse, string, unknown } from "valibot";
import { troubleKind } from "../aws/trouble-kind";
import { daemonOf, missingDaemon } from "./daemon-setting";
import { ANSWER_MS, httpTrouble } from "./http-trouble";
import type { Finding, Probe } from "./probe";

/** Characters of an answer that are read. */
const ANSWER_LENGTH = 100_000;

const RULES = looseObject({ SamplingRuleRecords: unknown() });
const REFUSAL = looseObject({ message: string() });

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function askForRules(address: string): Promise<Answered | string> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: answer.status, body: parsed((await answer.text()).slice(0, ANSWER_LENGTH)) };
  } catch (error) {
    return httpTrouble(error);
  }
}

function refusedBy(status: number, body: unknown): readonly [found: string, fix: string] {
  const refusal = safeParse(REFUSAL, body);
  const message = refusal.success ? refusal.output.message.slice(0, 200) : "";
  if (!refusal.success || status === 404)
    return [
      `status ${status} from something else`,
      "another program listens there; give the daemon's TCP address",
    ];
  const kind = troubleKind({ name: "", message, code: "", host: "", status, headers: {} }, Date.now());
  const fix =
    kind === "clock"
      ? "set the clock of the daemon's host by NTP"
      : "allow xray:GetSamplingRules and xray:GetSamplingTargets to the daemon's role, or renew its credentials";
  return [`status ${status}: ${message}`, fix];
}

/** DOC-3 daemon: its TCP port answers for X-Ray's sampling rules. */
export const daemonTcp: Probe = {
  id: "daemon-tcp",
  label: "Daemon answers for sampling",
  why: "SDKs ask the daemon for sampling rules; without them they trace one request a second and 5 %.",
  weight: "required",
  missing: missingDaemon,
  look: async (surroundings): Promise<readonly Finding[]> => {
    const daemon = daemonOf(surroundings);
    if ("verdict" in daemon) return [daemon];
    const address = `http://${daemon.tcp.host}:${daemon.tcp.port}/GetSamplingRules`;
    const answer = await askForRules(address);
    const seen = { evidence: `POST ${address}`, wanted: "sampling rules" };
    if (typeof answer === "string") {
      const fix = `start the daemon with --bind-tcp 0.0.0.0:${daemon.tcp.port}; a collector in its place needs the awsproxy extension`;
      return [{ ...seen, verdict: "fail", found: answer, fix }];
    }
    const { status, body } = answer;
    if (status === 200 && safeParse(RULES, body).success)
      return [{ ...seen, verdict: "pass", found: "sampling rules" }];
    const [found, fix] = refusedBy(status, body);
    return [{ ...seen, verdict: "fail", found, fix }];
  },
};
