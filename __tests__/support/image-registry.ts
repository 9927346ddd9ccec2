import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../../lab/runtime/free-port";

const START_MS = 10_000;

/** Address on loopback where nothing listens. */
export async function deadHost(): Promise<string> {
  return `127.0.0.1:${await freePort()}`;
}

/** A real image registry on loopback, and images pushed to it with buildah. */
export class ImageRegistry {
  readonly #folder = mkdtempSync(join(tmpdir(), "tracewright-registry-"));
  #child: ChildProcess | undefined;
  /** `127.0.0.1:PORT` */
  readonly host: string;

  private constructor(port: number) {
    this.host = `127.0.0.1:${port}`;
  }

  /** Starts the registry and waits until it answers. */
  static async start(): Promise<ImageRegistry> {
    const registry = new ImageRegistry(await freePort());
    await registry.#serve();
    return registry;
  }

  /**
   * Pushes an image that holds files, and nothing else.
   *
   * @param files content by path in the image, or a path of this machine to copy from
   * @returns digest of its manifest
   */
  push(
    name: string,
    files: Readonly<Record<string, { readonly text: string } | { readonly from: string }>>,
  ): string {
    const context = mkdtempSync(join(this.#folder, "context-"));
    for (const [path, content] of Object.entries(files)) {
      const target = join(context, "rootfs", path);
      mkdirSync(dirname(target), { recursive: true });
      if ("text" in content) writeFileSync(target, content.text);
      else execFileSync("cp", ["-L", content.from, target]);
    }
    mkdirSync(join(context, "rootfs", "tmp"), { recursive: true });
    writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY rootfs /\n");
    const digest = join(context, "digest");
    this.#buildah(["build", "--isolation", "chroot", "--timestamp", "0", "--tag", "stand-in", context]);
    this.#buildah([
      "push",
      "--tls-verify=false",
      "--digestfile",
      digest,
      "stand-in",
      `docker://${this.host}/${name}`,
    ]);
    this.#buildah(["rmi", "--all", "--force"]);
    const pushed = readFileSync(digest, "utf8").trim();
    rmSync(context, { recursive: true });
    return pushed;
  }

  /** Deletes a manifest. */
  async remove(name: string, digest: string): Promise<void> {
    const address = `http://${this.host}/v2/${name}/manifests/${digest}`;
    const { status } = await fetch(address, { method: "DELETE" });
    if (status !== 202) throw new Error(`${address}: ${status}`);
  }

  /** Ends the registry and removes what it held. */
  stop(): void {
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #buildah(args: readonly string[]): void {
    const folder = this.#folder;
    const storage = [
      "--storage-driver",
      "vfs",
      "--root",
      join(folder, "storage"),
      "--runroot",
      join(folder, "run"),
    ];
    execFileSync("buildah", [...storage, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  }

  async #serve(): Promise<void> {
    const config = join(this.#folder, "config.yml");
    const root = join(this.#folder, "images");
    writeFileSync(
      config,
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${root}}, delete: {enabled: true}}\nhttp: {addr: "${this.host}"}\n`,
    );
    this.#child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      const answered = await fetch(`http://${this.host}/v2/`)
        .then(({ ok }) => ok)
        .catch(() => false);
      if (answered) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`docker-registry did not answer at ${this.host}`);
  }
}
