import type { RestGateway } from "../runtime/rest-gateway";
import type { StreamGateway } from "../runtime/stream-gateway";

/** A fault the page has a button for. */
export interface Fault {
  /** Last part of its address. */
  readonly name: string;
  readonly label: string;
  /** One sentence for people: what to expect. */
  readonly effect: string;
  cause(): void | Promise<void>;
}

const GONE_MS = 5000;
const REFUSALS = 2;
const SLOW_MS = 4000;
const SHORT_MS = 12_000;

/** A plan for so many requests, preflights not counted: those a browser sends by itself. */
function next(api: RestGateway, times: number, fault: { status: number } | { delayMs: number }): void {
  let left = times;
  api.failWhen((method) => {
    if (method === "OPTIONS" || left === 0) return undefined;
    left -= 1;
    return fault;
  });
}

/** The faults of a lab. */
export function faultsOf(api: RestGateway, stream: StreamGateway): readonly Fault[] {
  return [
    {
      name: "reset",
      label: "Reset the stream",
      effect: "The connection breaks. The page connects again after 1 to 3 s.",
      cause: () => stream.cut(),
    },
    {
      name: "kill",
      label: "Kill the stream's server",
      effect: `Nobody listens for ${GONE_MS / 1000} s. The page waits longer each time.`,
      cause: async () => {
        await stream.halt();
        setTimeout(() => void stream.resume(), GONE_MS);
      },
    },
    {
      name: "half-open",
      label: "Fall silent",
      effect: "The connection stays and brings nothing. The page gives it up after 75 s.",
      cause: () => stream.silence(),
    },
    {
      name: "refuse",
      label: "Refuse the stream",
      effect: `503 for the next ${REFUSALS} connections, with Retry-After: 3.`,
      cause: () => {
        stream.plan({ refusals: REFUSALS, retryAfterSeconds: 3 });
        stream.cut();
      },
    },
    {
      name: "deadline",
      label: "Let the next stream end soon",
      effect:
        "The next connection ends as planned after some seconds, and the page goes on where it stopped.",
      cause: () => {
        stream.plan({ remainingMs: SHORT_MS });
        stream.cut();
      },
    },
    {
      name: "slow-api",
      label: "Slow the API down",
      effect: `Then press Watch: that request takes ${SLOW_MS / 1000} s longer.`,
      cause: () => next(api, 1, { delayMs: SLOW_MS }),
    },
    {
      name: "broken-api",
      label: "Break the API",
      effect:
        "Then press Watch: the gateway answers 500 before the function is asked. The page shows the trace id.",
      cause: () => next(api, 1, { status: 500 }),
    },
    {
      name: "mend",
      label: "Mend everything",
      effect: "No fault any more.",
      cause: async () => {
        api.reset();
        stream.reset();
        await stream.resume();
      },
    },
  ];
}
