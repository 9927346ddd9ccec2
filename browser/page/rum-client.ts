import { AwsRum, type AwsRumConfig } from "aws-rum-web";
import { STREAM_ROUTES } from "../../contract/streaming";
import type { RumSettings } from "./rum-settings";

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Addresses of an origin, and of no other that begins like it. */
function below(origin: string): RegExp {
  return new RegExp(`^${escaped(origin)}(?:[/?#]|$)`);
}

/** Addresses of the streams: their trace header is the stream client's, one root per connection. */
const STREAMS = Object.values(STREAM_ROUTES).map(
  (route) => new RegExp(`${escaped(route).replace("\\{id\\}", "[^/?#]+")}(?:[?#]|$)`),
);

/**
 * How the page is monitored: errors, load times and requests to the named origins, with X-Ray; nothing of what people
 * do, and no cookies.
 */
export function rumConfig(
  { identityPoolId, sampleRate }: RumSettings,
  origins: readonly string[],
): AwsRumConfig {
  return {
    identityPoolId,
    sessionSampleRate: sampleRate,
    allowCookies: false,
    enableXRay: true,
    telemetries: [
      "errors",
      "performance",
      [
        "http",
        {
          urlsToInclude: origins.map(below),
          urlsToExclude: STREAMS,
          addXRayTraceIdHeader: origins.map(below),
        },
      ],
    ],
  };
}

/** Starts the monitoring client, which patches `fetch` at once. */
export function startRumClient(settings: RumSettings, origins: readonly string[], version: string): AwsRum {
  return new AwsRum(settings.monitorId, version, settings.region, rumConfig(settings, origins));
}
