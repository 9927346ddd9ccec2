import { type AwsNamespace, metricsWith } from "./table";

const REST = [["ApiName"], ["ApiName", "Stage"], ["ApiName", "Method", "Resource", "Stage"]] as const;
const HTTP = [["ApiId"], ["ApiId", "Stage"], ["ApiId", "Method", "Resource", "Stage"]] as const;
const WEBSOCKET = [["ApiId"], ["ApiId", "Stage"], ["ApiId", "Route", "Stage"]] as const;
const OUTCOME = { largestSample: 1 } as const;

/** `AWS/ApiGateway`: REST APIs by name, HTTP and WebSocket APIs by id; the error metrics differ in spelling. */
export const API_GATEWAY: AwsNamespace = {
  namespace: "AWS/ApiGateway",
  checked: "2026-11-21",
  source:
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html and https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(REST, ["4XXError", "5XXError", "CacheHitCount", "CacheMissCount"], OUTCOME),
    ...metricsWith([...HTTP, ...WEBSOCKET], ["4xx", "5xx"], OUTCOME),
    ...metricsWith([...REST, ...HTTP, ...WEBSOCKET], ["Count"], { ...OUTCOME, silentWhenIdle: true }),
    ...metricsWith([...REST, ...HTTP, ...WEBSOCKET], ["IntegrationLatency"], { unit: "Milliseconds" }),
    ...metricsWith([...REST, ...HTTP], ["Latency"], { unit: "Milliseconds" }),
    ...metricsWith(HTTP, ["DataProcessed"], { unit: "Bytes" }),
    ...metricsWith(WEBSOCKET, [
      "ConnectCount",
      "MessageCount",
      "IntegrationError",
      "ClientError",
      "ExecutionError",
    ]),
  ],
};
