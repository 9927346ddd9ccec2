import { EXIT } from "../instruments/cli/exit";
import { run } from "../instruments/cli/main";
import { doctorCommands } from "./commands";

// A reader such as `head` may close the pipe early; that is no failure of the command.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// Versions are pinned, and what the SDK will need in years to come is no news for somebody looking for a fault.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

run(process.argv.slice(2), doctorCommands).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `tracewright: internal error; please report it with the file that caused it.\n${trace}\n`,
    );
    process.exitCode = EXIT.usage;
  },
);
