import { ApiClient } from "../api-client";
import { startAction } from "../page-action";
import { traceFetch } from "../trace-fetch";
import { TraceOrigins } from "../trace-origins";
import { Board } from "./board";
import { Calls } from "./calls";
import { part } from "./element";
import { showFaults } from "./faults";
import { Following } from "./following";
import { Latency } from "./latency";
import { Problems } from "./problems";
import { startRum } from "./rum";
import { Session } from "./session";
import { pageSettings, runtimeSettings } from "./settings";
import { StreamView } from "./stream-view";
import { Watch } from "./watch";

const settings = pageSettings();
const viewer = settings.labUrl === "" ? "" : `${settings.labUrl}/traces`;
const origins = new TraceOrigins(settings.apiUrl);

// Before anything else can patch it: whatever a monitoring client adds above passes here on its way out.
window.fetch = traceFetch({ origins, fetch: window.fetch.bind(window) });

const problems = new Problems(part("problems", HTMLElement), part("banner", HTMLElement), viewer);
const calls = new Calls(part("calls", HTMLElement), viewer);
const api = new ApiClient({
  baseUrl: settings.apiUrl,
  origins,
  onCall: (call) => calls.add(call),
  onReachable: (reachable) => problems.reachable(reachable),
});
const session = new Session(api);
const audience = {
  board: new Board(part("tickers", HTMLTableSectionElement), part("counts", HTMLElement)),
  latency: new Latency(part("latency", HTMLElement)),
  view: new StreamView(
    {
      state: part("state", HTMLElement),
      name: part("state-name", HTMLElement),
      reason: part("reason", HTMLElement),
      connections: part("connections", HTMLElement),
    },
    viewer,
  ),
};
const shown = part("shown", HTMLSelectElement);

new Watch(
  {
    form: part("watch", HTMLFormElement),
    name: part("watch-name", HTMLInputElement),
    tickers: part("watch-tickers", HTMLInputElement),
    hint: part("watch-hint", HTMLElement),
    wrong: part("watch-error", HTMLElement),
    list: part("configurations", HTMLElement),
    shown,
  },
  api,
  session,
  problems,
);

async function start(): Promise<void> {
  try {
    const { streamUrl, rum } = runtimeSettings(await api.call("runtime", { action: startAction() }));
    origins.add(streamUrl);
    if (rum !== undefined) {
      const urls = [settings.apiUrl, streamUrl].map((url) => new URL(url).origin);
      await startRum(rum, [...new Set(urls)], settings.version);
    }
    const following = new Following(streamUrl, session, origins, audience);
    shown.addEventListener("change", () => following.follow(shown.value));
    following.follow(shown.value);
  } catch (error) {
    problems.show("The page could not start", error, () => void start());
  }
}

if (settings.labUrl !== "") {
  const parts = {
    section: part("lab", HTMLElement),
    list: part("faults", HTMLElement),
    said: part("lab-said", HTMLElement),
  };
  showFaults(parts, settings.labUrl).catch((error: unknown) =>
    problems.show("The lab does not answer", error),
  );
}
void start();
