import { createHash } from "node:crypto";
import { unzipSync } from "fflate";

/** Where the extension lies in the layer's archive, and below `/opt` in the image. */
export const EXTENSION = "extensions/collector";

/** What a collector-only layer holds; a language's SDK layer holds more (SSE-A1). */
const COLLECTOR_ONLY = /^(?:extensions\/(?:collector)?|collector-config\/.*)$/;

/**
 * The collector of a layer archive.
 *
 * @param archive the zip
 * @param sha256 its checksum, hex
 * @throws Error when the checksum is none or another one, or when the archive holds something else
 */
export function collectorOf(archive: Uint8Array, sha256: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new Error(`COLLECTOR_SHA256: found "${sha256}"; expected 64 hex digits. Next step: npm run image.`);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (actual !== sha256)
    throw new Error(
      `collector.zip: found SHA-256 ${actual}; expected ${sha256}. Next step: fetch the pinned archive again.`,
    );
  const files = unzipSync(archive);
  const foreign = Object.keys(files).filter((name) => !COLLECTOR_ONLY.test(name));
  if (foreign.length > 0)
    throw new Error(
      `collector.zip: found ${foreign.slice(0, 3).join(", ")}; expected only the collector and its configuration. ` +
        "Next step: pin the collector layer, not a language's.",
    );
  const collector = files[EXTENSION];
  if (collector === undefined || collector.length === 0)
    throw new Error(
      `collector.zip: found no ${EXTENSION}; expected the extension. Next step: pin another layer.`,
    );
  return collector;
}
