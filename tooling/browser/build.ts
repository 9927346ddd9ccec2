import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import ts from "typescript";
import { contractInlined } from "./inline-contract";

/** The stream's client has a limit on its size; whoever wants the other pays for what the contract says of routes. */
const ENTRIES = ["sse-client", "api"] as const;

/** Properties only the client's modules use among themselves; nothing of a browser or of an option is called so. */
const OWN_NAMES = /^(?:deliver|opened|target|stream|record|controller|queue|room)$/;

/** Most bytes the client may have, minified and compressed. */
export const LARGEST_CLIENT = 3.2 * 1024;

/** What was built; sizes are of the stream's client. */
export interface BrowserBuild {
  readonly directory: string;
  /** Bytes minified. */
  readonly minified: number;
  /** Bytes minified and compressed. */
  readonly compressed: number;
}

async function bundle(root: string, entry: (typeof ENTRIES)[number]): Promise<string> {
  const small = entry === "sse-client";
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join("browser", `${entry}.ts`)],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    logLevel: "silent",
    plugins: small ? [contractInlined] : [],
    // Fields are set by the constructor anyway.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  const text = outputFiles[0]?.text ?? "";
  if (!small) return text;
  const { code = "" } = await minify(text, {
    module: true,
    ecma: 2020,
    mangle: { properties: { regex: OWN_NAMES } },
  });
  return code;
}

/** Name of a declaration file without its ending; those of the contract lie beside the others. */
function declarationName(file: string): string {
  return /[\\/]contract[\\/][\w-]+\.d\.ts$/.test(file)
    ? `contract-${basename(file, ".d.ts")}`
    : basename(file, ".d.ts");
}

/** Declarations of the entries and of what they name, by file name. @throws Error when the sources do not compile */
function declarations(root: string): ReadonlyMap<string, string> {
  const config = join(root, "browser", "tsconfig.json");
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, join(root, "browser"), undefined, config);
  const emitted = new Map<string, string>();
  const program = ts.createProgram(
    ENTRIES.map((entry) => join(root, "browser", `${entry}.ts`)),
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      removeComments: false,
    },
  );
  const { diagnostics } = program.emit(undefined, (file, text) => {
    const name = declarationName(file);
    const beside = name.startsWith("contract-") ? text.replace(/(from "\.\/)/g, "$1contract-") : text;
    emitted.set(name, beside.replace(/from "\.\.\/contract\//g, 'from "./contract-'));
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => root,
        getNewLine: () => "\n",
      }),
    );
  }
  const wanted = new Map<string, string>();
  const add = (name: string): void => {
    const text = emitted.get(name);
    if (text === undefined || wanted.has(name)) return;
    // Node wants the ending; the sources have none.
    wanted.set(name, text.replace(/(from "\.\/[\w-]+)"/g, '$1.js"'));
    for (const [, other = ""] of text.matchAll(/from "\.\/([\w-]+)"/g)) add(other);
  };
  for (const entry of ENTRIES) add(entry);
  return wanted;
}

/**
 * Builds the package of the browser's clients: two minified modules, their declarations and `package.json`.
 *
 * @param root directory of the checkout
 * @param directory to build into; what is there is removed
 * @throws Error when the sources do not compile
 */
export async function buildBrowser(
  root: string,
  directory = join(root, "build", "browser"),
): Promise<BrowserBuild> {
  const codes = await Promise.all(ENTRIES.map(async (entry) => [entry, await bundle(root, entry)] as const));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [entry, code] of codes) writeFileSync(join(directory, `${entry}.js`), code);
  for (const [name, text] of declarations(root)) writeFileSync(join(directory, `${name}.d.ts`), text);
  copyFileSync(join(root, "browser", "package.json"), join(directory, "package.json"));
  const bytes = readFileSync(join(directory, "sse-client.js"));
  return { directory, minified: bytes.length, compressed: gzipSync(bytes, { level: 9 }).length };
}
