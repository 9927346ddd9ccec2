import { createHash } from "node:crypto";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";

/** Where the image's Node.js is; a test that needs no image gives its own. */
export const IMAGE_NODE = "/var/lang/bin/node";

/** The stand-in collector as one executable file. */
export function standInCollector(node: string = IMAGE_NODE): Buffer {
  const { outputFiles } = buildSync({
    entryPoints: ["__tests__/support/stand-in-collector.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    banner: { js: `#!${node}` },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

/** A layer's archive with its SHA-256, hex. */
export function archiveOf(files: Readonly<Record<string, Uint8Array>>): {
  readonly bytes: Buffer;
  readonly sha256: string;
} {
  const bytes = Buffer.from(zipSync({ ...files }, { mtime: new Date(1980, 0, 2) }));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
