import { request } from "node:http";
import { HEADERS } from "../../contract/headers";
import { httpStub } from "./http-stub";

/** Stands before an API and takes the trace header out of what its CORS allows, as a forgotten setting would. */
export function strictCors(target: () => string): ReturnType<typeof httpStub> {
  return httpStub((incoming, outgoing) => {
    const { method = "GET", headers } = incoming;
    const onward = request(new URL(incoming.url ?? "/", target()), { method, headers }, (answer) => {
      const given = { ...answer.headers };
      const allowed = given["access-control-allow-headers"];
      if (typeof allowed === "string") {
        const kept = allowed.split(/\s*,\s*/).filter((name) => name.toLowerCase() !== HEADERS.traceId);
        given["access-control-allow-headers"] = kept.join(",");
      }
      outgoing.writeHead(answer.statusCode ?? 502, given);
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
}
