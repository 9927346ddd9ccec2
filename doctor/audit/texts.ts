import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { InputError, readTerraform } from "../../instruments/terraform-file";
import { isObject, type Resource } from "../../policies/terraform/model";

/** A text to look through. */
export interface Text {
  /** File, or Terraform address and attribute. */
  readonly place: string;
  readonly content: string;
}

/** A file that could not be looked through. */
export interface Unread {
  readonly place: string;
  readonly why: string;
}

/** What there is to look through. */
export interface Texts {
  readonly texts: Iterable<Text>;
  /** Complete once `texts` has been gone through. */
  readonly unread: readonly Unread[];
}

/** Text files above this size are reported instead of read, bytes. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Made by tools, never written by people. */
const NOT_OURS = new Set([".git", ".terraform", "build", "cdktf.out", "node_modules"]);
const SNIFFED_BYTES = 8192;

/** The first bytes of a file. */
function startOf(file: string): Buffer {
  const start = Buffer.alloc(SNIFFED_BYTES);
  const handle = openSync(file, "r");
  try {
    return start.subarray(0, readSync(handle, start, 0, SNIFFED_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}

/** What a file is: text to read, text that cannot be read and why, or no text, as the NUL at its start tells. */
function kindOf(file: string, bytes: number): "text" | "binary" | { readonly why: string } {
  const start = startOf(file);
  const mark = start.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") return { why: "UTF-16; expected UTF-8" };
  if (start.includes(0)) return "binary";
  return bytes <= MAX_TEXT_BYTES ? "text" : { why: `larger than ${MAX_TEXT_BYTES / 1024 / 1024} MiB` };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function* textsBelow(path: string, unread: Unread[], named: boolean): Generator<Text> {
  const place = path.split(sep).join(posix.sep);
  try {
    // A link somebody names is meant; one that is met on the way could lead in a circle.
    const found = named ? statSync(path) : lstatSync(path);
    if (found.isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (!NOT_OURS.has(name)) yield* textsBelow(join(path, name), unread, false);
    } else if (found.isFile()) {
      const kind = kindOf(path, found.size);
      if (kind === "text") yield { place, content: readFileSync(path, "utf8") };
      else if (kind !== "binary") unread.push({ place, ...kind });
    }
  } catch (error) {
    unread.push({ place, why: codeOf(error) });
  }
}

/**
 * Texts of files and folders; binary files, links and what tools made are passed over.
 *
 * @throws InputError when one of the paths does not exist
 */
export function textsOfFiles(paths: readonly string[]): Texts {
  const unread: Unread[] = [];
  for (const path of paths) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    throw new InputError(path, "no such file", "a file or folder to look through", "correct the path");
  }
  function* all(): Generator<Text> {
    for (const path of paths) yield* textsBelow(path, unread, true);
  }
  return { texts: all(), unread };
}

function* strings(place: string, value: unknown): Generator<Text> {
  if (typeof value === "string") yield { place, content: value };
  else if (Array.isArray(value)) for (const one of value) yield* strings(place, one);
  else if (isObject(value))
    for (const [key, one] of Object.entries(value)) yield* strings(`${place}.${key}`, one);
}

/**
 * Texts of a Terraform file: saved queries, the bodies of dashboards, patterns, and every other string.
 *
 * @throws InputError as `readTerraform` does
 */
export function textsOfTerraform(file: string): Texts {
  const { resources, data } = readTerraform(file);
  function* all(): Generator<Text> {
    const both: readonly Resource[] = [...resources, ...data];
    for (const { address, values } of both) yield* strings(address, values);
  }
  return { texts: all(), unread: [] };
}
