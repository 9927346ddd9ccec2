import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WORKFLOWS } from "../workflows/workflows";

const PAGE = readFileSync(join(resolve(__dirname, "..", ".."), "docs", "pipeline.md"), "utf8");

/** Every environment of GitHub a workflow uses, with what stands for a deployment's. */
const ENVIRONMENTS = {
  "${{ inputs.environment }}": "NAME",
  "${{ inputs.environment }}-plan": "NAME-plan",
  images: "images",
};

/** Variables a row of the page lists, with the environments it names. */
const listed = PAGE.split("\n").flatMap((line) => {
  const [, names, where] = /^\| (`[A-Z_`, ]+`) \| ([\w-]+) \|/.exec(line) ?? [];
  return (names?.match(/[A-Z_]+/g) ?? []).map((name) => [name, where ?? ""] as const);
});

test("every workflow is in the table, and no other", () => {
  const rows = [...PAGE.matchAll(/^\| `([\w-]+\.yml)` \|/gm)].map(([, file]) => file);
  expect(rows.sort()).toEqual(WORKFLOWS.map(({ file }) => file).sort());
});

test("every variable and secret the workflows read is listed, and no other", () => {
  const texts = WORKFLOWS.map(({ text }) => text).join("\n");
  const read = [...texts.matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name);
  expect(listed.map(([name]) => name).sort()).toEqual([...new Set(read)].sort());
  for (const [, name = ""] of texts.matchAll(/\bsecrets\.(\w+)/g)) expect(PAGE).toContain(`\`${name}\``);
});

test("a role is listed in the environment of the job that takes it", () => {
  for (const { jobs } of WORKFLOWS) {
    for (const { environment, steps } of Object.values(jobs)) {
      const roles = steps.flatMap(
        (step) => /vars\.(\w+)/.exec(String(step.with["role-to-assume"]))?.[1] ?? [],
      );
      const place = Object.entries(ENVIRONMENTS).find(([written]) => written === environment)?.[1];
      for (const role of roles)
        expect([role, listed.find(([name]) => name === role)?.[1]]).toEqual([role, place]);
    }
  }
});
