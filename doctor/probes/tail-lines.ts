import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes read at a time. */
const PIECE = 64 * 1024;
/** Bytes of one line that are kept, its end. */
const LONGEST_LINE = 32 * 1024;

/**
 * The lines of a file from the last to the first, read from its end in pieces, so that memory does not grow with the
 * file.
 *
 * @param mostBytes how far to read back
 * @throws what the file system throws
 */
export function* tailLines(file: string, mostBytes: number): Generator<string> {
  const descriptor = openSync(file, "r");
  try {
    let end = fstatSync(descriptor).size;
    const stop = Math.max(0, end - mostBytes);
    let rest = Buffer.alloc(0);
    while (end > stop) {
      const size = Math.min(PIECE, end - stop);
      const piece = Buffer.alloc(size);
      end -= size;
      const got = readSync(descriptor, piece, 0, size, end);
      let last = Buffer.concat([piece.subarray(0, got), rest]);
      for (let at = last.lastIndexOf(0x0a); at >= 0; at = last.lastIndexOf(0x0a)) {
        yield last
          .subarray(at + 1)
          .toString("utf8")
          .trimEnd();
        last = last.subarray(0, at);
      }
      rest = Buffer.from(last.subarray(-LONGEST_LINE));
    }
    if (stop === 0) yield rest.toString("utf8").trimEnd();
  } finally {
    closeSync(descriptor);
  }
}
