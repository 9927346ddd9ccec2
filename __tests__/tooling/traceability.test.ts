import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { FUNCTIONAL_REQUIREMENTS } from "../../tooling/traceability/catalogue/functional";
import { SUCCESS_CRITERIA } from "../../tooling/traceability/catalogue/success";
import { DOCUMENT, run } from "../../tooling/traceability/command";
import { survey } from "../../tooling/traceability/evidence";
import { nearestId } from "../../tooling/traceability/identifiers";
import { ACCEPTANCE, DEFECTS, KNOWN_IDS, REQUIREMENTS } from "../../tooling/traceability/requirements";
import { carriedStatus, evidenceOf, standingOf } from "../../tooling/traceability/standing";
import { tagsIn } from "../../tooling/traceability/tags";
import { titlesIn } from "../../tooling/traceability/titles";

const ROOT = resolve(__dirname, "..", "..");

function numbered(prefix: string, last: number): readonly string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
}

describe("the catalogue", () => {
  test("VER-4 no id occurs twice", () => {
    expect(KNOWN_IDS.filter((id, index) => KNOWN_IDS.indexOf(id) !== index)).toEqual([]);
  });

  test("VER-4 every FR from 001 to 207 is mapped, and 156a", () => {
    const wanted = Array.from({ length: 207 }, (_, index) => `FR-${String(index + 1).padStart(3, "0")}`);
    wanted.splice(wanted.indexOf("FR-156") + 1, 0, "FR-156a");
    expect(FUNCTIONAL_REQUIREMENTS.map(({ id }) => id)).toEqual(wanted);
  });

  test("VER-4 every SC from 001 to 148 is mapped, and the six of the hardening, each with its wording", () => {
    const wanted = Array.from({ length: 148 }, (_, index) => `SC-${String(index + 1).padStart(3, "0")}`);
    expect(SUCCESS_CRITERIA.map(({ id }) => id)).toEqual([...wanted, ...numbered("SC-H", 6)]);
    for (const { carriers, title } of SUCCESS_CRITERIA) expect(title === "").toBe(carriers.length === 0);
  });

  test("VER-4 every FR and SC is carried by requirements that exist, or says why by none", () => {
    const known = REQUIREMENTS.map(({ id }) => id);
    const astray = [...FUNCTIONAL_REQUIREMENTS, ...SUCCESS_CRITERIA].filter(
      ({ carriers, note }) =>
        carriers.some((id) => !known.includes(id)) || (carriers.length === 0 && note === ""),
    );
    expect(astray).toEqual([]);
  });

  test("VER-4 the families are complete and every entry has a title", () => {
    const sizes = { IAM: 5, TRC: 10, SF: 6, MET: 3, SNS: 2, SSE: 44, ANN: 5, CORR: 2, FE: 6, CLI: 5, SG: 1 };
    const more = { SMP: 9, ALM: 5, DSH: 1, CAN: 13, AUD: 2, DOC: 6, DEP: 6, DAT: 5, VER: 4 };
    const counted: Record<string, number> = {};
    for (const { id } of REQUIREMENTS) {
      const family = id.slice(0, id.indexOf("-"));
      counted[family] = (counted[family] ?? 0) + 1;
    }
    expect(counted).toEqual({ ...sizes, ...more });
    expect(DEFECTS.map(({ id }) => id)).toEqual(numbered("D", 37));
    const lines = [...numbered("A", 8), ...numbered("B", 6), ...numbered("C", 9), ...numbered("E", 8)];
    expect(ACCEPTANCE.map(({ id }) => id)).toEqual(lines);
    for (const { title } of [...REQUIREMENTS, ...DEFECTS, ...ACCEPTANCE])
      expect(title).toMatch(/^\S.{10,90}$/);
  });
});

describe("reading tests", () => {
  const idsAndTitles = (source: string) =>
    titlesIn("a.test.ts", source).map(({ id, title, runs }) => [id, title, runs]);

  test("titles of test, it, describe and suite helpers are read, computed parts shown as such", () => {
    const source = [
      'describeWith(["moto"], "A4 a suite", () => {});',
      'it("SF-1 and SF-6 together", () => {});',
      "test(`TRC-9 of $" + "{name}`, () => {});",
      'describe("DAT-1 " + rule.id, () => {});',
      'expect("TRC-1").toBe("TRC-2");',
    ].join("\n");
    expect(idsAndTitles(source)).toEqual([
      ["A4", "A4 a suite", true],
      ["SF-1", "SF-1 and SF-6 together", true],
      ["SF-6", "SF-1 and SF-6 together", true],
      ["TRC-9", "TRC-9 of ${…}", true],
      ["DAT-1", "DAT-1 ${…}", true],
    ]);
  });

  test("each: the title is read, and ids that start a text of a table written in place", () => {
    const source = [
      'test.each(KEYS)("SF-2 %s", () => {});',
      'test.each([["D8 a failed query", 1], ["none", 2]])("refuses %s", () => {});',
      'test.each(["D9 unused"])("no placeholder", () => {});',
    ].join("\n");
    expect(idsAndTitles(source).map(([id]) => id)).toEqual(["SF-2", "D8"]);
  });

  test("what is skipped proves nothing", () => {
    const source = 'describe.skip("SF-1", () => { test("SF-2", f); });\ntest.todo("SF-3");\ntest("SF-4", f);';
    expect(idsAndTitles(source).map(([id, , runs]) => [id, runs])).toEqual([
      ["SF-1", false],
      ["SF-2", false],
      ["SF-3", false],
      ["SF-4", true],
    ]);
  });
});

describe("reading sources", () => {
  test("comments and strings that are an id count, code and other strings do not", () => {
    const source = [
      "/** Serves IAM-1. */",
      "export const one = { requirement: 'FR-127', text: 'about TRC-1', SF: 1 };",
      "const url = `https://example.com/D9`; // as D10 wants",
      "const two = { /* SF-3 */ };",
    ].join("\n");
    expect(tagsIn("a.ts", source).citations).toEqual([
      { id: "IAM-1", line: 1 },
      { id: "FR-127", line: 2 },
      { id: "D10", line: 3 },
      { id: "SF-3", line: 4 },
    ]);
  });

  test("configuration files are read by their comments, gates by their path", () => {
    const source = "pins: 1 # SSE-A2\n# [AWS] SSE-A9: doctor/gates/cold-start.ts\nname: D7\n";
    const { citations, gates } = tagsIn("pins.yaml", source);
    expect(citations.map(({ id }) => id)).toEqual(["SSE-A2", "SSE-A9"]);
    expect(gates).toEqual([{ kind: "AWS", id: "SSE-A9", script: "doctor/gates/cold-start.ts", line: 2 }]);
  });

  test("the nearest id is one edit away where there is one", () => {
    expect(["TRC-99", "D99", "FR-34", "SSE-Z1", "FR-208"].map(nearestId)).toEqual([
      "TRC-9",
      "D9",
      "FR-034",
      "SSE-A1",
      "FR-008",
    ]);
  });
});

describe("the command", () => {
  let root: string;
  const plant = (file: string, content: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tracewright-traceability-"));
    plant("__tests__/one.test.ts", 'test("SF-1 a fault | with cause", () => {});\n');
    plant("modules/one.ts", "/** [AWS] SNS-2: doctor/gate.sh, and IAM-2. */\nexport const one = 1;\n");
    plant("doctor/gate.sh", "exit 0\n");
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("VER-4 writes the table, and the same bytes twice", () => {
    expect(run([], root).code).toBe(0);
    const first = readFileSync(join(root, DOCUMENT), "utf8");
    expect(run([], root).code).toBe(0);
    expect(readFileSync(join(root, DOCUMENT), "utf8")).toBe(first);
    expect(first).toMatch(
      /^\| SF-1 \|.*\| tested \| `__tests__\/one.test.ts`: SF-1 a fault \\\| with cause \|/m,
    );
    expect(first).toMatch(/^\| SNS-2 \|.*\| `\[AWS\]` `doctor\/gate.sh` \|/m);
    expect(first).toMatch(/^\| IAM-2 \|.*\| open \| {2}\| `modules\/one.ts` \|$/m);
    expect(run(["--check"], root)).toEqual({ code: 0, stdout: `${DOCUMENT} is up to date\n`, stderr: "" });
  });

  test("VER-4 a missing or stale table fails the check and is left alone", () => {
    expect(run(["--check"], root).stderr).toBe(
      `${DOCUMENT} does not exist. Next step: npm run trace:matrix.\n`,
    );
    plant(DOCUMENT, "old\n");
    expect(run(["--check"], root)).toMatchObject({
      code: 1,
      stderr: `${DOCUMENT} is stale. Next step: npm run trace:matrix.\n`,
    });
    expect(readFileSync(join(root, DOCUMENT), "utf8")).toBe("old\n");
  });

  test.each([
    ["__tests__/two.test.ts", 'test("good", f);\ntest("TRC-99 a typo", f);\n', "two.test.ts:2: TRC-99"],
    ["__tests__/two.test.ts", 'test.skip("A9 no such line", f);\n', "two.test.ts:1: A9"],
    ["functions/two.ts", "// first\n// serves D99\n", "functions/two.ts:2: D99"],
    ["contract/two.ts", 'export const a = { requirement: "FR-999" };\n', "contract/two.ts:1: FR-999"],
    ["policies/two.ts", "/*\n * one\n * SSE-Z1\n */\n", "policies/two.ts:3: SSE-Z1"],
  ])("VER-4 an unknown id in %s fails, naming it and the nearest", (file, content, says) => {
    plant(file, content);
    for (const args of [[], ["--check"]]) {
      const { code, stderr } = run(args, root);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
      expect(stderr).toMatch(/is no known requirement\. Nearest: [A-Z]+\S*\d\. Correct it, or add it to /);
    }
  });

  test("what only a bench shows is measured, not tested", () => {
    plant("bench/one.mjs", "// [BENCH] A7: bench/one.mjs\n");
    expect(run([], root).code).toBe(0);
    expect(readFileSync(join(root, DOCUMENT), "utf8")).toMatch(
      /^\| A7 \|.*\| measured by `bench\/one.mjs` \|/m,
    );
  });

  test("a gate of an unknown id fails", () => {
    plant("modules/two.ts", "// [BENCH] A9: modules/two.ts\n");
    expect(run([], root).stderr).toContain("modules/two.ts:1: A9 is no known requirement");
  });

  test("a gate that does not exist fails", () => {
    plant("modules/two.ts", "// [AWS] VER-1: doctor/nothing.sh\n");
    expect(run([], root).stderr).toBe(
      "modules/two.ts:1: the [AWS] gate of VER-1 is doctor/nothing.sh, which does not exist. Write it, or correct the path.\n",
    );
  });

  test("wrong usage ends with 2, help with 0", () => {
    expect(run(["--chekc"], root)).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
    expect(run(["--help"], root)).toMatchObject({ code: 0, stdout: expect.stringContaining("Exit codes") });
  });
});

describe("this repository", () => {
  test("VER-4 cites no unknown id", () => {
    expect(survey(ROOT).mistakes).toEqual([]);
  });

  test("E7 every FR-001 to FR-084 and every criterion of the seeds has a test or a gate", () => {
    const found = survey(ROOT);
    const seeds = [...FUNCTIONAL_REQUIREMENTS.slice(0, 84), ...SUCCESS_CRITERIA.slice(0, 38)];
    expect([seeds[83]?.id, seeds.at(-1)?.id]).toEqual(["FR-084", "SC-038"]);
    const blank = seeds.filter((one) => !["tested", "`[AWS]` gate"].includes(carriedStatus(found, one)));
    const why = ({ id, carriers }: (typeof seeds)[number]) =>
      `${id}: ${carriers.filter((one) => standingOf(evidenceOf(found, one)) === "open").join(" ")}`;
    expect(blank.map(why)).toEqual([]);
  });

  test("E7 what only AWS can prove names the gate that asks it", () => {
    const found = survey(ROOT);
    const onAws = REQUIREMENTS.filter(({ checks }) => checks.includes("AWS"));
    expect(onAws.length).toBeGreaterThan(0);
    expect(onAws.filter(({ id }) => evidenceOf(found, id).gates.length === 0).map(({ id }) => id)).toEqual(
      [],
    );
  });

  test("E7 every defect D1 to D37 has a test", () => {
    const found = survey(ROOT);
    const blank = DEFECTS.filter(({ id }) => evidenceOf(found, id).tests.length === 0);
    expect(blank.map(({ id }) => id)).toEqual([]);
  });

  test("VER-4 docs/traceability.md is fresh", () => {
    const { code, stderr } = run(["--check"], ROOT);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
