import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Plugin } from "esbuild";
import * as headers from "../../contract/headers";
import * as streaming from "../../contract/streaming";

const CONTRACT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { headers, streaming };

/**
 * Writes values of the contract in place of their names, `HEADERS.traceId` becomes `"x-amzn-trace-id"`: a bundle
 * otherwise carries the whole of every object of which it uses a part.
 *
 * @param file for messages
 * @throws Error when a name is imported that is not in the contract, or used otherwise than with a key of its own
 */
export function inlineContract(source: string, file: string): string {
  let text = source;
  const imports = /^import \{ ([\w, ]+) \} from "\.\.\/contract\/([\w-]+)";\n/gm;
  for (const [line, names = "", module = ""] of source.matchAll(imports)) {
    text = text.replace(line, "");
    for (const name of names.split(", ")) {
      const values = CONTRACT[module]?.[name] as Readonly<Record<string, unknown>> | undefined;
      text = text.replace(
        new RegExp(`\\b${name}\\b(?:\\.(\\w+))?`, "g"),
        (found, key: string | undefined) => {
          const value = key === undefined ? undefined : values?.[key];
          if (typeof value !== "string" && typeof value !== "number") {
            throw new Error(
              `${file}: ${found} of contract/${module} is no string or number. Use one by its key.`,
            );
          }
          return JSON.stringify(value);
        },
      );
    }
  }
  return text;
}

/** Does that to every source of `browser/`. */
export const contractInlined: Plugin = {
  name: "contract-inlined",
  setup(build) {
    build.onLoad({ filter: /[\\/]browser[\\/][\w-]+\.ts$/ }, ({ path }) => ({
      contents: inlineContract(readFileSync(path, "utf8"), `browser/${basename(path)}`),
      loader: "ts",
    }));
  },
};
