import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ANNOTATIONS } from "../../../contract/spans";
import { TROUBLES } from "../../../functions/canary/troubles";
import { ROOT } from "../../support/pipeline-lab";

const files = readdirSync(join(ROOT, "functions"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, source: readFileSync(join(ROOT, "functions", name), "utf8") }));

const having = (pattern: RegExp) =>
  files.filter(({ source }) => pattern.test(source)).map(({ name }) => name.split("/")[0]);

test("CAN-1 nobody but the canary marks a trace as synthetic", () => {
  expect(new Set(having(/\bsynthetic\b/))).toEqual(new Set(["canary"]));
});

test("CAN-13 whoever asks for summaries asks for all of them", () => {
  const asking = files.flatMap(({ source }) => source.split("new GetTraceSummariesCommand(").slice(1));
  expect(asking.length).toBeGreaterThan(0);
  for (const rest of asking) expect(rest.slice(0, rest.indexOf("})"))).toContain("Sampling: false");
});

test("CAN-9 TRC-7 AUD-2 one service guards its tracer, and nobody else starts one", () => {
  const tracing = files.find(({ name }) => name === "runtime/tracing.ts")?.source ?? "";
  expect(/GUARDED: .* = \[(.*)\];/.exec(tracing)?.[1]).toBe("SERVICES.canary.serviceName");
  expect(having(/\bbeginTracing\(\)/)).toEqual(["canary", "runtime"]);
});

test("CAN-5 the canary keeps nothing in the tables it is to tell about", () => {
  const own = files.filter(({ name }) => name.startsWith("canary/"));
  expect(own.filter(({ source }) => /client-dynamodb|lib-dynamodb/.test(source))).toEqual([]);
});

test("DAT-2 DAT-3 the canary annotates with at most seven keys, all of the contract, all literal", () => {
  const own = files.filter(({ name }) => name.startsWith("canary/"));
  const keys = own.flatMap(({ source }) =>
    [...source.matchAll(/\.annotate\(([^,]+),/g)].map(([, key]) => key),
  );
  const literal = keys.map((key = "") => /^"(\w+)"$/.exec(key)?.[1]).filter((key) => key !== undefined);
  // The one call that is not literal hands on what callers give it.
  expect(keys.length - literal.length).toBe(1);
  expect(literal.filter((key) => !Object.hasOwn(ANNOTATIONS, key))).toEqual([]);
  expect(new Set([...literal, "Service", "ColdStart"]).size).toBeLessThanOrEqual(7);
});

test("CAN-7 docs/canary.md tells of every trouble an alert can name", () => {
  const page = readFileSync(join(ROOT, "docs", "canary.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind]) => kind);
  expect(rows.sort()).toEqual(Object.keys(TROUBLES).sort());
});
