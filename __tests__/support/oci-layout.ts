import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file or folder of an image. */
export interface Entry {
  /** As `ls` writes it, for example `-rwxr-xr-x`. */
  readonly mode: string;
  /** `uid/gid` */
  readonly owner: string;
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

/** An image as an OCI layout on disk. */
export class OciLayout {
  readonly #folder: string;
  readonly #manifest: Manifest;
  /** What the runtime is told: environment, user, command. */
  readonly config: {
    readonly Env: readonly string[];
    readonly User: string;
    readonly Cmd: readonly string[];
  };
  readonly #entries = new Map<string, Entry & { readonly layer: string }>();

  constructor(folder: string) {
    this.#folder = folder;
    const [{ digest }] = this.#read("index.json")["manifests"] as [{ readonly digest: string }];
    this.#manifest = this.#read(this.#blob(digest)) as unknown as Manifest;
    this.config = this.#read(this.#blob(this.#manifest.config.digest))["config"] as OciLayout["config"];
    for (const layer of this.#manifest.layers) this.#list(join(folder, this.#blob(layer.digest)));
  }

  /** Files and folders by path, without a leading or trailing slash. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Content of a file. */
  text(path: string): string {
    const entry = this.#entries.get(path);
    if (entry === undefined) throw new Error(`${path} is not in the image`);
    return execFileSync("tar", ["-xzOf", entry.layer, path], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
  }

  #read(path: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.#folder, path), "utf8")) as Record<string, unknown>;
  }

  #blob(digest: string): string {
    return join("blobs", digest.replace(":", "/"));
  }

  #list(layer: string): void {
    const lines = execFileSync("tar", ["--numeric-owner", "-tvzf", layer], { encoding: "utf8" }).split("\n");
    for (const line of lines.filter(Boolean)) {
      const [mode = "", owner = "", , , , path = ""] = line.split(/\s+/);
      this.#entries.set(path.replace(/\/$/, ""), { mode, owner, layer });
    }
  }
}
