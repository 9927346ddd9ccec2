import { existsSync } from "node:fs";
import { type Pin, readLock } from "../../doctor/pins/lock";
import { isLoopback } from "../../doctor/pins/lookup";
import type { Target } from "./options";
import { Refusal } from "./refusal";

/** What an image is built from. */
export interface Pinned {
  readonly platform: string;
  /** HOST/NAME@sha256:… */
  readonly base: string;
  /** SHA-256 of the collector's archive, hex; a baseline has none. */
  readonly collectorSha256?: string;
  /** True when the registry is of this machine and speaks without TLS. */
  readonly plainHttp: boolean;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { arm64: "linux/arm64", x64: "linux/amd64" };
const EMULATORS: Readonly<Record<string, string>> = {
  "linux/arm64": "qemu-aarch64",
  "linux/amd64": "qemu-x86_64",
};

function pinOf<Kind extends Pin["kind"]>(
  file: string,
  pins: readonly Pin[],
  name: string,
  kind: Kind,
): Extract<Pin, { kind: Kind }> & { readonly digest: string } {
  const pin = pins.find((one) => one.name === name && one.kind === kind);
  if (pin === undefined) throw new Refusal(file, `no ${kind} ${name}`, "one", "restore the entry");
  if (pin.digest === null)
    throw new Refusal(
      `${file}: ${name}`,
      `no digest (${pin.reason ?? "no reason given"})`,
      "sha256: and 64 hex digits",
      "tracewright pins update --archives build/pins, where the registry and AWS can be reached",
    );
  return pin as Extract<Pin, { kind: Kind }> & { readonly digest: string };
}

/**
 * The parts of a target, as a lock file pins them.
 *
 * @throws Refusal when one has no digest, or when this machine cannot run the platform's programs
 */
export function pinnedParts(file: string, target: Target): Pinned {
  const { platform, pins } = readLock(file);
  const base = pinOf(file, pins, "base", "image");
  const collector = target === "release" ? pinOf(file, pins, "collector", "layer") : undefined;
  const emulator = EMULATORS[platform] ?? "";
  if (ARCHITECTURES[process.arch] !== platform && !existsSync(`/proc/sys/fs/binfmt_misc/${emulator}`))
    throw new Refusal(
      `${file}: platform`,
      `${platform} on a machine that is ${ARCHITECTURES[process.arch] ?? process.arch}`,
      "the same, because the build starts the collector once",
      `build on ${platform}, or install ${emulator} (Debian: qemu-user-static)`,
    );
  return {
    platform,
    base: `${base.image}@${base.digest}`,
    ...(collector === undefined ? {} : { collectorSha256: collector.digest.slice("sha256:".length) }),
    plainHttp: isLoopback(base.image.slice(0, base.image.indexOf("/"))),
  };
}
