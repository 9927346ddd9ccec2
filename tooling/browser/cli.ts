import { relative } from "node:path";
import { buildBrowser, LARGEST_CLIENT } from "./build";

buildBrowser(process.cwd()).then(
  ({ directory, minified, compressed }) => {
    process.stdout.write(
      `${relative(process.cwd(), directory)}: ${minified} bytes, ${compressed} compressed (at most ${Math.floor(LARGEST_CLIENT)})\n`,
    );
    if (compressed > LARGEST_CLIENT) process.exitCode = 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
