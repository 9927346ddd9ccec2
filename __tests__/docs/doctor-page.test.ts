import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PROBES } from "../../doctor/probes/registry";
import { SEGMENT_BY_HAND } from "../../doctor/probes/segment-by-hand";
import { settings } from "../doctor/probes/looking";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "doctor.md"), "utf8");

test("DOC-3 the page lists every probe as it is, in its order", () => {
  const rows = [...PAGE.matchAll(/^\| `.+$/gm)]
    .map(([row]) => row)
    .filter((row) => row.split("|").length === 6);
  const expected = PROBES.map(
    ({ id, label, weight, missing }) =>
      `| \`${id}\` | ${label} | ${weight} | ${missing(settings()) ?? "always"} |`,
  );
  expect(rows).toEqual(expected);
});

test("DOC-3 the page shows the code for segments by hand that the probe shows", () => {
  expect(PAGE).toContain(SEGMENT_BY_HAND);
});

test("DOC-3 the page names every permission the probes need", () => {
  const folder = join(ROOT, "doctor", "probes");
  const sources = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const asked = [...sources.matchAll(/\b(?:sts|lambda|iam|xray|sns):[A-Z]\w+/g)].map(([action]) => action);
  const writes = ["xray:PutTraceSegments", "xray:GetSamplingTargets"];
  for (const action of new Set(asked.filter((one) => !writes.includes(one))))
    expect(PAGE).toContain(`\`${action}\``);
});

test("DOC-3 its links lead somewhere", () => {
  for (const [, link = ""] of PAGE.matchAll(/\]\(([^)#]+)\)/g))
    expect({ link, there: existsSync(join(ROOT, "docs", link)) }).toEqual({ link, there: true });
});
