import { statSync } from "node:fs";

/**
 * What stands at a path that is no regular file: a pipe's size is 0, and opening it waits for whoever writes to it.
 *
 * @returns `undefined` for a regular file
 * @throws what the file system throws
 */
export function whatElse(path: string): string | undefined {
  const stats = statSync(path);
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return "a directory";
  return stats.isFIFO() ? "a pipe" : "a device or socket";
}
