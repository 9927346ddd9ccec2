import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** A file of the built page. */
export interface BuiltFile {
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What a page is built with. */
export interface PageOptions {
  /** Directory that holds `browser/`. */
  readonly root: string;
  /** Where the API is, its stage included. */
  readonly apiUrl: string;
  /** Where the stream is; the page asks the API for it, its security policy must know it before. */
  readonly streamUrl: string;
  /** Region of the monitor, for its endpoints in the security policy; none without a monitor. */
  readonly monitorRegion?: string;
  /** Address of the lab's controls; empty outside the lab. */
  readonly labUrl: string;
  readonly version: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Where the monitoring client reports, and where it gets its credentials. */
function monitorSources(region: string): readonly string[] {
  return ["cognito-identity", "sts", "dataplane.rum"].map(
    (name) => `https://${name}.${region}.amazonaws.com`,
  );
}

/** What the page may load: its own files, and data from the API, the stream and the monitor; nothing inline. */
export function securityPolicy({ apiUrl, streamUrl, monitorRegion }: PageOptions): string {
  const origins = [apiUrl, streamUrl].map((url) => new URL(url).origin);
  const monitor = monitorRegion === undefined ? [] : monitorSources(monitorRegion);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...new Set(origins), ...monitor].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function document(folder: string, options: PageOptions): string {
  const values: Readonly<Record<string, string>> = {
    CSP: securityPolicy(options),
    API: options.apiUrl,
    LAB: options.labUrl,
    VERSION: options.version,
  };
  return readFileSync(join(folder, "index.html"), "utf8")
    .replace(/\s*<!--[\s\S]*?-->/g, "")
    .replace(/%([A-Z]+)%/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`browser/page/index.html has an unknown placeholder %${name}%`);
      return escaped(value);
    });
}

/**
 * Builds the page.
 *
 * @returns its files by path, with a slash at the front
 * @throws Error with esbuild's message when a source does not compile
 */
export function bundlePage(options: PageOptions): ReadonlyMap<string, BuiltFile> {
  const folder = join(options.root, "browser", "page");
  const { outputFiles } = buildSync({
    absWorkingDir: options.root,
    entryPoints: ["browser/page/main.ts", "browser/page/page.css"],
    outdir: "/",
    write: false,
    bundle: true,
    // The monitoring client becomes a file of its own that only monitored pages load.
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    // Two thirds of the monitoring client record the screen; this page does not want that.
    alias: { "@rrweb/record": "./browser/page/no-session-replay.ts" },
    logLevel: "silent",
  });
  const file = (path: string, bytes: Uint8Array): [string, BuiltFile] => {
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
    if (type === undefined) throw new Error(`the page has a file of unknown type: ${path}`);
    return [path, { type, bytes }];
  };
  return new Map([
    file("/index.html", Buffer.from(document(folder, options))),
    file("/icon.svg", readFileSync(join(folder, "icon.svg"))),
    ...outputFiles.map(({ path, contents }) => file(path.slice(path.lastIndexOf("/")), contents)),
  ]);
}
