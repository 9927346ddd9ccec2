import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ImageOptions } from "./options";
import type { Pinned } from "./pinned";
import { Refusal } from "./refusal";

const GET = "apt-get install --no-install-recommends buildah";
const LAST_LINES = 25;

/** Storage of its own, so that no image of the machine's can stand in for a pinned one. */
function storage(out: string): readonly string[] {
  return ["--storage-driver", "vfs", "--root", resolve(out, "storage"), "--runroot", resolve(out, "run")];
}

function buildah(out: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync("buildah", [...storage(out), ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
    throw new Refusal("buildah", "no such program", "buildah 1.28 or newer", GET);
  if (status === 0) return;
  const lines = `${stdout}${stderr}${error?.message ?? ""}`.trimEnd().split("\n").slice(-LAST_LINES);
  throw new Error(`buildah ${args[0]} failed:\n${lines.join("\n")}`);
}

/** Gives the disk back. What cannot be removed takes room and does no harm: builds name their base by digest. */
function clear(out: string): void {
  spawnSync("buildah", [...storage(out), "rmi", "--all", "--force"], { stdio: "ignore" });
}

/**
 * Builds a target from a context and writes it as an OCI layout.
 *
 * @returns digest of the image's manifest, which is what Terraform names once the image is pushed
 * @throws Refusal when buildah is missing; Error with buildah's last lines when it fails
 */
export function buildImage({ target, out }: ImageOptions, context: string, pinned: Pinned): string {
  const layout = resolve(out, target);
  const digest = resolve(out, `${target}.digest`);
  rmSync(layout, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const reproducible = ["--timestamp", "0", "--format", "oci", "--no-cache"];
  const tls = pinned.plainHttp ? ["--tls-verify=false"] : [];
  const base = ["--build-arg", `BASE_IMAGE=${pinned.base}`];
  const { collectorSha256 } = pinned;
  const collector =
    collectorSha256 === undefined ? [] : ["--build-arg", `COLLECTOR_SHA256=${collectorSha256}`];
  try {
    buildah(out, [
      "build",
      "--isolation",
      "chroot",
      "--platform",
      pinned.platform,
      ...reproducible,
      ...tls,
      ...base,
      ...collector,
      "--target",
      target,
      "--tag",
      `tracewright-sse:${target}`,
      "--file",
      join(context, "Dockerfile"),
      context,
    ]);
    buildah(out, ["push", "--digestfile", digest, `tracewright-sse:${target}`, `oci:${layout}`]);
  } finally {
    clear(out);
  }
  return readFileSync(digest, "utf8").trim();
}
