import type { Finding, Probe } from "../../../doctor/probes/probe";
import type { Settings } from "../../../doctor/probes/settings";
import { type Surroundings, surroundingsOf } from "../../../doctor/probes/surroundings";

/** Settings with nothing to look at but what is given. */
export function settings(given: Partial<Settings> = {}): Settings {
  return {
    roles: [],
    functions: [],
    topics: [],
    services: [],
    urls: [],
    sendTestSegment: false,
    pins: "containers/sse/pins.lock.json",
    ...given,
  };
}

/** Asks one probe. @param changed parts of the surroundings other than this machine's */
export async function look(
  probe: Probe,
  given: Partial<Settings> = {},
  changed: Partial<Surroundings> = {},
): Promise<readonly Finding[]> {
  const all = settings(given);
  expect(probe.missing(all)).toBeUndefined();
  return probe.look({ ...surroundingsOf(all, {}), ...changed });
}

/** Asks one probe that has one finding. */
export async function lookOnce(
  probe: Probe,
  given: Partial<Settings> = {},
  changed: Partial<Surroundings> = {},
): Promise<Finding> {
  const [finding, ...others] = await look(probe, given, changed);
  if (finding === undefined || others.length > 0)
    throw new Error(`found ${others.length + 1} findings; expected one`);
  return finding;
}

/** What is expected of a finding that is not well: its verdict, and words of what was found and of the fix. */
export function told(verdict: Finding["verdict"], found: string, fix: string): object {
  return { verdict, found: expect.stringContaining(found), fix: expect.stringContaining(fix) };
}
