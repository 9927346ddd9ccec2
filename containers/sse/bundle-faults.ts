import type { Metafile } from "esbuild";

/** Packages that trace by themselves, beside the spans the function opens (SSE-B11, R-30). */
const SECOND_TRACERS: readonly RegExp[] = [
  /^@opentelemetry\/(?:auto-)?instrumentation/,
  /^aws-xray-sdk/,
  /^@aws-lambda-powertools\/tracer$/,
  /^(?:require|import)-in-the-middle$/,
];

/** Package of a bundled file, and the folder its copy lies in. */
function packageOf(input: string): { readonly name: string; readonly folder: string } | undefined {
  const match = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match?.[1] === undefined) return undefined;
  return { name: match[1], folder: match[0].slice(0, -1) };
}

/** The package an import names, subpaths left off. */
function packageOfImport(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

/**
 * What must not be in the streaming function's bundle: automatic instrumentation, a second tracer, or one
 * OpenTelemetry package in two copies, whose globals would not know each other.
 *
 * @param metafile what esbuild says it bundled; only what reached an output counts
 */
export function bundleFaults(metafile: Metafile): readonly string[] {
  const copies = new Map<string, Set<string>>();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const found = packageOf(input);
      if (found === undefined) continue;
      copies.set(found.name, (copies.get(found.name) ?? new Set()).add(found.folder));
    }
    for (const { path, external } of output.imports) {
      const name = packageOfImport(path);
      if (external === true && !copies.has(name)) copies.set(name, new Set([`import of ${path}`]));
    }
  }
  return [...copies].flatMap(([name, folders]) => {
    if (SECOND_TRACERS.some((one) => one.test(name)))
      return [
        `${name}: found in the bundle (${[...folders].join(", ")}); expected only spans opened by hand (SSE-B11). ` +
          "Next step: remove the import that brings it.",
      ];
    if (name.startsWith("@opentelemetry/") && folders.size > 1)
      return [
        `${name}: found ${folders.size} copies (${[...folders].sort().join(", ")}); expected one (SSE-B1). ` +
          "Next step: pin one version under overrides in package.json.",
      ];
    return [];
  });
}
