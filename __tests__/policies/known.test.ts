import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alarmCatalogue } from "../../contract/alarms/catalogue";
import { RELIABILITY_NAMESPACE } from "../../contract/metrics";
import { ENVIRONMENTS } from "../../contract/names";
import { readKnowledge } from "../../instruments/knowledge-file";
import { knowledgeOf } from "../../policies/known";
import { fromSynthesized } from "../../policies/terraform/synthesized";

const nothing = fromSynthesized({});

describe("what our own functions are known to emit", () => {
  test.each(ENVIRONMENTS)(
    "ALM-2 every custom series an alarm of %s reads is emitted exactly so",
    (environment) => {
      const emitted = Object.values(knowledgeOf(environment).functions).flatMap((fn) =>
        fn.emits.map((one) => JSON.stringify([one.namespace, one.metric, one.dimensions])),
      );
      const read = alarmCatalogue(environment).flatMap(({ signal }) =>
        signal.kind === "metric"
          ? [signal.series]
          : signal.kind === "math"
            ? Object.values(signal.series)
            : [],
      );
      const custom = read.filter((one) => one.namespace === RELIABILITY_NAMESPACE);
      expect(custom.length).toBeGreaterThan(20);
      for (const { namespace, name, dimensions } of custom) {
        expect(emitted).toContain(JSON.stringify([namespace, name, dimensions]));
      }
    },
  );

  test("it survives being written to a file and read again", () => {
    const folder = mkdtempSync(join(tmpdir(), "tracewright-knowledge-"));
    try {
      const path = join(folder, "knowledge.json");
      writeFileSync(path, JSON.stringify(knowledgeOf("prod")));
      expect(readKnowledge(path, nothing)).toEqual(knowledgeOf("prod"));
      writeFileSync(path, JSON.stringify({ functions: { f: { emits: [{ namespace: "N" }] } } }));
      expect(() => readKnowledge(path, nothing)).toThrow("functions.f.emits.0.metric: found nothing");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
