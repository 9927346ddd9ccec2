import type { Answer } from "./answer";
import { config, settings } from "./settings";

/** Where the stream is (D29), and how a page reports its own performance. */
export async function pageSettings(): Promise<Answer> {
  const { STREAM_URL, RUM_MONITOR_ID, RUM_IDENTITY_POOL_ID } = config.variables;
  return {
    status: 200,
    body: {
      sse_url: STREAM_URL,
      environment: config.environment,
      rum: {
        monitor_id: RUM_MONITOR_ID,
        identity_pool_id: RUM_IDENTITY_POOL_ID,
        sample_rate: settings.rumSampleRate,
        region: settings.region,
      },
    },
  };
}
