import { ANSWER_MS, httpTrouble } from "./http-trouble";
import type { Finding, Probe } from "./probe";

/** Posts an export of no spans. @returns the status, or why there was none */
async function exportNothing(address: string): Promise<number | string> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      // An empty message is a request without spans in protobuf.
      headers: { "content-type": "application/x-protobuf" },
      body: new Uint8Array(),
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    return httpTrouble(error);
  }
}

function fixOf(found: number | string): string {
  if (typeof found === "string")
    return "start the collector with an otlp receiver over http on that address; read its log for a configuration it refused";
  if (found === 404 || found === 405 || (found >= 300 && found < 400))
    return "name the base URL of an OTLP/HTTP receiver, port 4318, without /v1/traces; 4317 speaks gRPC";
  if (found === 401 || found === 403) return "give the exporter the credentials the receiver asks for";
  return "read the collector's log: its exporter may be refused by X-Ray";
}

/** DOC-3 collector: its OTLP port takes an export over HTTP. */
export const collector: Probe = {
  id: "collector",
  label: "Collector takes spans",
  why: "OpenTelemetry drops spans when nobody takes them, and the program goes on as if nothing happened.",
  weight: "required",
  missing: ({ collector }) =>
    collector === undefined ? "--collector http://localhost:4318 or OTEL_EXPORTER_OTLP_ENDPOINT" : undefined,
  look: async ({ settings }): Promise<readonly Finding[]> => {
    const address = `${(settings.collector ?? "").replace(/\/+$/, "")}/v1/traces`;
    const answer = await exportNothing(address);
    const seen = { evidence: `POST ${address} without spans`, wanted: "status 200" };
    const found = typeof answer === "number" ? `status ${answer}` : answer;
    if (answer === 200) return [{ ...seen, verdict: "pass", found }];
    return [{ ...seen, verdict: "fail", found, fix: fixOf(answer) }];
  },
};
