import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { exceptionsIn } from "../../../doctor/audit/exceptions";
import { textsOfFiles } from "../../../doctor/audit/texts";

const ROOT = resolve(__dirname, "..", "..", "..");

const found = (content: string) =>
  exceptionsIn([{ place: "functions/x/a.ts", content }]).map(({ kind, line }) => `${kind}:${line}`);

describe("AUD-2 TRC-7 tracing is not guarded", () => {
  test.each([
    ["a guarded annotation", "try {\n  annotate('a', 1);\n} catch {}"],
    ["a guarded start", "let t;\ntry { t = new Tracer(); } catch (error) { log(error); }"],
    ["several tracing calls", "try { span.setAttribute('a', 1); await recordSpanError(s, e); } catch {}"],
    ["a late import", 'const tracing = await import("../runtime/tracing");'],
    ["a late require", 'try { const t = require("../runtime/streaming-tracing/tracing"); } catch {}'],
  ])("SC-103 %s is found", (_title, content) => {
    expect(found(content)).toEqual([expect.stringMatching(/^guarded-tracing:\d$/)]);
  });

  test.each([
    ["a guard that rethrows", "try { annotate('a', 1); } catch (error) { throw new Error('x'); }"],
    ["a try with work in it", "try { annotate('a', 1); await save(); } catch {}"],
    ["traced work", "try { await traced('a', work); } catch {}"],
    ["try and finally", "try { annotate('a', 1); } finally { done(); }"],
    ["an import at the top", 'import { traced } from "../runtime/tracing";'],
  ])("%s is none", (_title, content) => {
    expect(found(content)).toEqual([]);
  });
});

describe("AUD-2 X-Ray alone traces", () => {
  test.each([
    ['import tracer from "dd-trace";', "foreign-tracing:1"],
    ['import { ZipkinExporter } from "@opentelemetry/exporter-zipkin";', "foreign-tracing:1"],
    ['const apm = require("newrelic");', "foreign-tracing:1"],
    ['import { XRayClient } from "@aws-sdk/client-xray";', "reads-traces:1"],
  ])("%s is found", (content, kind) => {
    expect(found(content)).toEqual([kind]);
  });

  test("what this application traces with is allowed", () => {
    const ours = ["@aws-lambda-powertools/tracer", "@opentelemetry/exporter-trace-otlp-proto"];
    expect(found(ours.map((name) => `import "${name}";`).join("\n"))).toEqual([]);
  });
});

describe("AUD-2 the functions of this repository", () => {
  const exceptions = exceptionsIn(textsOfFiles([join(ROOT, "functions")]).texts);
  const canary = join(ROOT, "functions", "canary");

  test("AUD-2 SC-009 SC-103 the canary is the only exception to either rule", () => {
    const elsewhere = exceptions.filter(({ place }) => !place.startsWith(`${canary}/`));
    expect(elsewhere).toEqual([]);
  });

  test("AUD-2 where there is a canary, it is one: it reads traces back, and outlives a tracer that fails", () => {
    const kinds = new Set(exceptions.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(existsSync(canary) ? ["guarded-tracing", "reads-traces"] : []);
  });
});
