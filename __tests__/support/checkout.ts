import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const LEFT_OUT = [".git", "build", "cdktf.out"];

/** How a command in a checkout ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A private copy of the sources, in which a test may break things. */
export class Checkout {
  readonly directory = mkdtempSync(join(tmpdir(), "tracewright-"));

  /** Packages are linked at the root and left out below it: another process may be installing them just now. */
  constructor(source: string = ROOT) {
    for (const entry of readdirSync(source).filter((name) => !LEFT_OUT.includes(name))) {
      cpSync(join(source, entry), join(this.directory, entry), {
        recursive: true,
        filter: (path) => basename(path) !== "node_modules",
      });
    }
    symlinkSync(join(source, "node_modules"), join(this.directory, "node_modules"));
  }

  /** Replaces text in a file; fails when it is not there, so that a test cannot pass because its edit missed. */
  edit(file: string, find: string | RegExp, replace: string): void {
    const path = join(this.directory, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(find, replace);
    if (after === before) throw new Error(`${file} does not contain ${String(find)}`);
    writeFileSync(path, after);
  }

  /** Edits the one file below a folder that contains a pattern. */
  editBelow(folder: string, find: RegExp, replace: string): void {
    const file = this.files(folder).find((name) =>
      find.test(readFileSync(join(this.directory, name), "utf8")),
    );
    if (file === undefined) throw new Error(`no file below ${folder} contains ${String(find)}`);
    this.edit(file, find, replace);
  }

  /** Writes a file. */
  write(file: string, content: string): void {
    writeFileSync(join(this.directory, file), content);
  }

  /** Parses a JSON file. */
  readJson(file: string): unknown {
    return JSON.parse(readFileSync(join(this.directory, file), "utf8"));
  }

  /** Runs a command here to its end. */
  run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
    const result = spawnSync(command, [...args], {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  /** Synthesizes as `npm run synth` does. */
  synth(env: NodeJS.ProcessEnv = {}): Run {
    return this.run(process.execPath, ["tooling/run.mjs", "main.ts"], env);
  }

  /** Files below a folder, relative, sorted. */
  files(folder: string): readonly string[] {
    const all = readdirSync(join(this.directory, folder), { recursive: true, encoding: "utf8" });
    return all
      .map((name) => join(folder, name))
      .filter((name) => statSync(join(this.directory, name)).isFile())
      .sort();
  }

  /** SHA-256 of every file below a folder. */
  digests(folder: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.files(folder).map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(this.directory, name)))
          .digest("hex"),
      ]),
    );
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
