import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "..", "..");
const LONGEST_FILE = 300;
const NOT_OURS = ["node_modules", ".git", "build", "cdktf.out", "fixtures", ".gen"];

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.includes(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.(?:ts|mjs|js|cjs)$/.test(entry.name) ? [path] : [];
    });
}

test("A8 no source file is longer than 300 lines", () => {
  const long = sources(".")
    .map((file) => ({ file, lines: readFileSync(join(ROOT, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > LONGEST_FILE)
    .map(({ file, lines }) => `${file}: ${lines} lines`);
  expect(long).toEqual([]);
});

test("A8 the compiler stays as strict as it was", () => {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  expect(config.compilerOptions).toMatchObject({
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
  });
  const elsewhere = ["browser", "__tests__/browser", "bench/sse*"];
  expect(config).toMatchObject({
    include: ["**/*.ts"],
    exclude: ["node_modules", "cdktf.out", "build", ...elsewhere],
  });
  const browser = ts.readConfigFile(join(ROOT, "browser", "tsconfig.json"), ts.sys.readFile).config;
  expect(browser).toMatchObject({
    extends: "../tsconfig.json",
    include: elsewhere.map((one) => `../${one}`),
  });
  expect(Object.keys(browser.compilerOptions).filter((name) => /^(?:strict|no)/.test(name))).toEqual([]);
  const loosened = Object.entries(config.compilerOptions as Record<string, unknown>)
    .filter(([name]) => /^(?:strict|no(?!Emit))/.test(name))
    .filter(([, value]) => value !== true);
  expect(loosened).toEqual([]);
});

test("A8 no source switches the compiler or the linter off without a reason", () => {
  const silenced = sources(".").flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const bare = /\/\/ ?@ts-(?:ignore|nocheck)|@ts-expect-error\s*$|biome-ignore \S+:\s*$/.test(line);
        return bare && file !== "__tests__/docs/house.test.ts" ? [`${file}:${index + 1}`] : [];
      }),
  );
  expect(silenced).toEqual([]);
});

/** Which rooms a room may import besides itself (ADR 0001). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  policies: ["contract"],
  modules: ["contract", "policies"],
  functions: ["contract"],
  browser: ["contract"],
  instruments: ["contract", "policies"],
  doctor: ["contract", "policies", "instruments"],
  lab: ["contract", "policies", "instruments"],
  containers: ["contract"],
  tooling: ["contract", "policies", "containers", "instruments", "doctor"],
};

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

describe("the import map", () => {
  let root: string;
  let violations: readonly Violation[];

  const plant = (file: string, content: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "tracewright-imports-"));
    for (const name of [".dependency-cruiser.cjs", "tsconfig.json"]) {
      copyFileSync(join(ROOT, name), join(root, name));
    }
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    const rooms = Object.keys(ALLOWED);
    for (const room of rooms) {
      plant(`${room}/shared/thing.ts`, "export const thing = 1;\n");
      for (const other of rooms) {
        const file = `${room}/${room === "functions" ? "runtime/" : ""}imports-${other}.ts`;
        const up = room === "functions" ? "../.." : "..";
        const target = other === "functions" ? "functions/runtime" : `${other}/shared`;
        plant(file, `import { thing } from "${up}/${target}/thing";\nexport const copy = thing;\n`);
      }
    }
    plant("functions/runtime/thing.ts", "export const thing = 1;\n");
    rmSync(join(root, "functions", "shared"), { recursive: true });
    plant("functions/one/handler.ts", 'import "../two/part";\nimport "../runtime/thing";\n');
    plant("functions/two/part.ts", "export const part = 1;\n");
    plant("functions/two/traced.ts", 'import "aws-xray-sdk-core";\n');
    plant("modules/barrel.ts", 'import "@cdktf/provider-aws/lib/index.js";\n');
    plant("modules/deep.ts", 'import "cdktf/lib/app.js";\n');
    plant("policies/circle/a.ts", 'import { b } from "./b";\nexport const a = (): number => b();\n');
    plant("policies/circle/b.ts", 'import { a } from "./a";\nexport const b = (): number => a();\n');
    plant("policies/lost.ts", 'import "./nowhere";\n');
    const program = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
    const args = [program, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "."];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (!stdout.startsWith("{")) throw new Error(stderr || stdout);
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const broken = (file: string): readonly string[] =>
    [...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name))].sort();

  test.each(Object.entries(ALLOWED))("A8 %s may import itself and %j, and nothing else", (room, allowed) => {
    for (const other of Object.keys(ALLOWED)) {
      const rules = broken(`${room}/${room === "functions" ? "runtime/" : ""}imports-${other}.ts`);
      const expected = other === room || allowed.includes(other) ? [] : [expect.stringContaining(room)];
      expect([other, ...rules]).toEqual([other, ...expected]);
    }
  });

  test("A8 the map of the linter has exactly these rooms", () => {
    const { forbidden } = require(join(ROOT, ".dependency-cruiser.cjs")) as { forbidden: { name: string }[] };
    const rooms = forbidden.map(({ name }) => /^(\w+)-imports-only-/.exec(name)?.[1]).filter(Boolean);
    expect(rooms.sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  test.each([
    ["functions/one/handler.ts", "functions-are-separate"],
    ["functions/two/traced.ts", "one-tracing-seam"],
    ["modules/barrel.ts", "provider-by-path"],
    ["modules/deep.ts", "infrastructure-stays-portable"],
    ["policies/circle/a.ts", "no-cycles"],
    ["policies/lost.ts", "no-unresolved"],
  ])("A8 %s breaks %s", (file, rule) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(broken(file)).toContain(rule);
  });

  test("A8 the sources as they are break no rule", () => {
    const program = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
    const args = [program, "--config", ".dependency-cruiser.cjs", "."];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect({ status, stdout: status === 0 ? "" : stdout }).toEqual({ status: 0, stdout: "" });
  });
});
