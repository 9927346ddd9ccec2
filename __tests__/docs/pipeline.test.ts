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

/** Rows of the table of GitHub environments: branch and secrets by what each row names. */
const places = [
  ...PAGE.matchAll(/^\| (`dev`.*|`dev-plan`.*|`images`) \| (\S+) \| [^|]+ \| ([^|]+) \|$/gm),
].map(([, names = "", branch = "", secrets = ""]) => ({
  place: /\((NAME\S*?)[ )]/.exec(names)?.[1] ?? names.replaceAll("`", ""),
  branch,
  secrets: secrets.match(/[A-Z_]{2,}/g) ?? [],
}));

test("every environment of GitHub is limited to main, for a role trusts it whatever the branch", () => {
  expect(places.map(({ place, branch }) => [place, branch])).toEqual([
    ["NAME", "main"],
    ["NAME-plan", "main"],
    ["images", "main"],
  ]);
  const used = WORKFLOWS.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ environment }) => environment ?? []),
  );
  expect([...new Set(used)].sort()).toEqual(Object.keys(ENVIRONMENTS).sort());
  const subject = /"token\.actions\.githubusercontent\.com:sub": "([^"]+)"/.exec(PAGE)?.[1];
  expect(subject).toBe("repo:OWNER/REPOSITORY:environment:prod");
});

test("a secret belongs to the environments whose jobs read it, and to no other", () => {
  const read = new Map<string, Set<string>>();
  for (const { jobs } of WORKFLOWS) {
    for (const { environment = "", steps } of Object.values(jobs)) {
      for (const [, name = ""] of JSON.stringify(steps).matchAll(/secrets\.(\w+)/g)) {
        const place = Object.entries(ENVIRONMENTS).find(([written]) => written === environment)?.[1] ?? "";
        read.set(place, (read.get(place) ?? new Set()).add(name));
      }
    }
  }
  for (const { place, secrets } of places)
    expect([place, secrets]).toEqual([place, [...(read.get(place) ?? [])].sort()]);
  expect([...read.keys()].filter((place) => !places.some((one) => one.place === place))).toEqual([]);
});
