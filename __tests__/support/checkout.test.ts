import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Checkout } from "./checkout";

describe("a private copy of the sources", () => {
  const source = mkdtempSync(join(tmpdir(), "tracewright-source-"));
  afterAll(() => rmSync(source, { recursive: true, force: true }));

  test("links the root's packages and copies none that a folder below installs", () => {
    for (const file of [
      "main.ts",
      "node_modules/cdktf/index.js",
      "lab/client/package.json",
      "lab/client/node_modules/compiling/conftest.err",
      "build/old.json",
    ]) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      writeFileSync(join(source, file), "");
    }

    const copy = new Checkout(source);
    const holds = (name: string): boolean => existsSync(join(copy.directory, name));

    expect(readlinkSync(join(copy.directory, "node_modules"))).toBe(join(source, "node_modules"));
    expect(["main.ts", "lab/client/package.json"].filter(holds)).toHaveLength(2);
    expect(["lab/client/node_modules", "build"].filter(holds)).toEqual([]);
    copy.remove();
    expect(existsSync(source)).toBe(true);
  });
});
