import { type HttpAddress, httpAddress } from "./http-address";
import { ANSWER_MS, httpTrouble } from "./http-trouble";
import type { Finding, Probe } from "./probe";

/** Posts an export of no spans. @returns the status, or why there was none */
async function exportNothing({ url, headers }: HttpAddress): Promise<number | string> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      // An empty message is a request without spans in protobuf.
      headers: { ...headers, "content-type": "application/x-protobuf" },
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

/** The base URL; `undefined` when it is none of HTTP. */
function baseOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

const NO_ADDRESS: Finding = {
  verdict: "fail",
  evidence: "OTEL_EXPORTER_OTLP_ENDPOINT",
  found: "no address of HTTP; its value is not shown",
  wanted: "the base URL of an OTLP/HTTP receiver",
  fix: "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318, with http:// or https:// in front",
};

/** DOC-3 collector: its OTLP port takes an export over HTTP. */
export const collector: Probe = {
  id: "collector",
  label: "Collector takes spans",
  why: "OpenTelemetry drops spans when nobody takes them, and the program goes on as if nothing happened.",
  weight: "required",
  missing: ({ collector }) =>
    collector === undefined ? "--collector http://localhost:4318 or OTEL_EXPORTER_OTLP_ENDPOINT" : undefined,
  look: async ({ settings }): Promise<readonly Finding[]> => {
    const base = baseOf(settings.collector ?? "");
    if (base === undefined) return [NO_ADDRESS];
    const target = new URL(base);
    target.pathname = `${base.pathname.replace(/\/+$/, "")}/v1/traces`;
    const address = httpAddress(target);
    const answer = await exportNothing(address);
    const seen = { evidence: `POST ${address.shown} without spans`, wanted: "status 200" };
    const found = typeof answer === "number" ? `status ${answer}` : answer;
    if (answer !== 200) return [{ ...seen, verdict: "fail", found, fix: fixOf(answer) }];
    if (base.search === "") return [{ ...seen, verdict: "pass", found }];
    // OpenTelemetry's exporter for JavaScript puts the path behind whatever the base URL ends with.
    const lost = `${found}; exporters put /v1/traces behind the query of a base URL, where nobody looks for it`;
    const fix =
      "name the whole address in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or the token in OTEL_EXPORTER_OTLP_HEADERS";
    return [{ ...seen, verdict: "warn", found: lost, fix }];
  },
};
