import { gunzipSync } from "node:zlib";
import { archive } from "../../../doctor/traces/archive/archive";
import { exitOf, forMachines, forPeople } from "../../../doctor/traces/archive/outcome";
import { BYTES_PER_PART, GrowingPart, TRACES_PER_PART } from "../../../doctor/traces/archive/part";
import type { ArchivePlan } from "../../../doctor/traces/archive/plan";
import type { TraceSource } from "../../../doctor/xray/source";
import { MAX_FILE_BYTES } from "../../../instruments/terraform-file";
import { traceId } from "../../support/traces";

const HOUR = 3_600_000;
const RANGE = { fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2026, 10, 20) + HOUR };
const MIB = 1024 * 1024;

/** Gives every trace one document, and a field nobody here knows. */
function source(): TraceSource {
  const answered = (Id: string) => ({
    Id,
    New: { field: 1 },
    Segments: [{ Id: "a", Document: "xx", Other: true }],
  });
  return {
    name: "a stub",
    longestWindowMs: HOUR,
    tracesAtOnce: 5,
    summaryPage: async () => ({ summaries: [], next: undefined }),
    tracePage: async (ids) => ({ traces: ids.map(answered), unprocessed: [], next: undefined }),
    pause: async () => undefined,
    close: () => undefined,
  };
}

async function archived(count: number) {
  const ids = Array.from({ length: count }, (_, index) => traceId(index + 1, 5));
  const plan: ArchivePlan = {
    ...{ range: RANGE, filter: undefined, traces: count },
    windows: [{ window: RANGE, ids }],
  };
  const kept = new Map<string, Uint8Array>();
  const store = {
    read: async () => undefined,
    put: async (key: string, body: Uint8Array) => void kept.set(key, body),
  };
  const { manifest } = await archive(source(), store, "traces/", plan, () => undefined);
  return { manifest, bodies: manifest.parts.map(({ key }) => kept.get(key) ?? Buffer.alloc(0)) };
}

test("DOC-6 an object ends at a thousand traces, and the next has the next number", async () => {
  const { manifest, bodies } = await archived(TRACES_PER_PART + 1);
  expect(manifest.parts.map(({ traces }) => traces)).toEqual([TRACES_PER_PART, 1]);
  expect(manifest.parts.map(({ key }) => key.slice(-15))).toEqual(
    ["0001.ndjson.gz", "0002.ndjson.gz"].map((end) => `-${end}`),
  );
  expect(gunzipSync(bodies[1] ?? "").toString()).toBe(
    `${JSON.stringify({ Id: traceId(TRACES_PER_PART + 1, 5), New: { field: 1 }, Segments: [{ Id: "a", Document: "xx", Other: true }] })}\n`,
  );
});

test("DOC-6 an object ends before it is too large to be read again; a trace larger than that has one of its own", async () => {
  const part = new GrowingPart();
  expect(part.isFullFor("x".repeat(BYTES_PER_PART + 1))).toBe(false);
  await part.add("ü".repeat(20 * MIB));
  expect(part.isFullFor("x".repeat(24 * MIB))).toBe(false);
  expect(part.isFullFor("ü".repeat(13 * MIB))).toBe(true);
  expect(2 * BYTES_PER_PART).toBeLessThanOrEqual(MAX_FILE_BYTES);
});

test("DOC-6 lines are zipped as they come, and the same lines give the same bytes", async () => {
  const whole = async () => {
    const part = new GrowingPart();
    for (let line = 0; line < 500; line++) await part.add(`${line} ${"text ".repeat(1000)}\n`);
    return part.closed();
  };
  const once = await whole();
  expect(await whole()).toEqual(once);
  expect(gunzipSync(once).toString().trimEnd().split("\n")).toHaveLength(500);
});

test("DOC-6 an archive that lacks what X-Ray did not look up is undecided, and says so to people and programs", async () => {
  const { manifest } = await archived(2);
  const outcome = { state: "incomplete", manifest, unprocessed: [traceId(9, 5)] } as const;
  expect(exitOf(outcome)).toBe(3);
  const { out, notes } = forPeople(outcome, "s3://bucket/key");
  expect(out).toBe("wrote 2 traces in 1 object, which is not all");
  expect(notes.at(-1)).toContain("did not look up 1 trace, so there is no manifest");
  expect(JSON.parse(forMachines(outcome, "key"))).toMatchObject({
    ...{ state: "incomplete", manifestKey: "key", traces: 2, missing: [] },
    unprocessed: [traceId(9, 5)],
  });
});
