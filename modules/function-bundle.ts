import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { zipSync } from "fflate";
import { AGEING } from "../contract/ageing";
import { ZIP_SERVICES, type ZipServiceKey } from "../contract/services";
import type { Emissions } from "../policies/rules/promises";
import { emissionsIn } from "./emissions";

/** A function's code, bundled and zipped. */
export interface FunctionBundle {
  readonly service: ZipServiceKey;
  /** Absolute path of the zip. */
  readonly zipPath: string;
  /** SHA-256 of the zip, base64, as Lambda and Terraform's `source_code_hash` want it. */
  readonly sha256: string;
  /** Size of the zip in bytes. */
  readonly zipBytes: number;
  /** Size of the JavaScript inside in bytes. */
  readonly codeBytes: number;
  /** What the shipped code emits. */
  readonly emissions: Emissions;
}

/** The code of every service that ships as a zip. */
export type ZipBundles = Readonly<Record<ZipServiceKey, FunctionBundle>>;

/** ZIP stores local time without zone; the earliest date it knows, read back as the same bytes everywhere. */
const FIXED_DATE = "1980-01-01T00:00:00";
/** Regular file, rw-r--r--, as Unix keeps it in the upper half of the attributes. */
const FILE_ATTRIBUTES = 0o100644 << 16;
const UNIX = 3;

/**
 * How zips are built: CommonJS, because ESM imports of `http` escape X-Ray's capture; ES module sources
 * preferred, because only those can be tree-shaken (node-tracing-facts §4, §10).
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: AGEING.esbuildTarget.value,
  mainFields: ["module", "main"],
  // Lambda hands a function its role's credentials in the environment; the default chain's other links would be a
  // quarter of every bundle.
  alias: { "@aws-sdk/credential-provider-node": "./functions/runtime/environment-credentials.ts" },
  minify: true,
  keepNames: false,
  legalComments: "none",
  charset: "utf8",
} as const satisfies BuildOptions;

/**
 * Bundles every function that ships as one into a zip whose bytes depend on the sources alone: not on time, place or file modes.
 *
 * @param root directory that holds `functions/`
 * @param outdir where the zips are written, one folder per function
 * @throws Error with esbuild's message when a source does not compile
 */
export function bundleFunctions(root: string, outdir: string): ZipBundles {
  const result = buildSync({
    ...BUNDLE_OPTIONS,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(ZIP_SERVICES.map((key) => [key, `functions/${key}/handler.ts`])),
    outdir: "/bundle",
    write: false,
    logLevel: "silent",
  });
  const bundles = ZIP_SERVICES.map((service): [ZipServiceKey, FunctionBundle] => {
    const output = result.outputFiles.find((file) => file.path.endsWith(`/${service}.js`));
    if (output === undefined) throw new Error(`functions/${service}/handler.ts produced no bundle`);
    return [service, writeZip(service, output.contents, output.text, outdir)];
  });
  return Object.fromEntries(bundles) as ZipBundles;
}

function writeZip(service: ZipServiceKey, code: Uint8Array, text: string, outdir: string): FunctionBundle {
  const zip = zipSync({
    "index.js": [code, { mtime: FIXED_DATE, os: UNIX, attrs: FILE_ATTRIBUTES, level: 9 }],
  });
  mkdirSync(join(outdir, service), { recursive: true });
  const zipPath = join(outdir, service, "function.zip");
  writeFileSync(zipPath, zip);
  return {
    service,
    zipPath,
    sha256: createHash("sha256").update(zip).digest("base64"),
    zipBytes: zip.length,
    codeBytes: code.length,
    emissions: emissionsIn(text),
  };
}
