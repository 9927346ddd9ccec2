import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ENVIRONMENTS } from "../../contract/names";
import { commentOn } from "./comment";
import { ReportError, readReports } from "./report-files";

const HELP = `Usage: npm run comment -- --head FOLDER --base FOLDER --out FILE

Writes the comment on a pull request: plan, check, rehearsal and cost of every environment, from the reports of the
change (--head) and of the branch it goes into (--base), as npm run reports keeps them.

  --help  this text

Exit codes: 0 written, 1 a report cannot be used (the message says which), 2 wrong usage.
`;

function main(): number {
  const { values } = parseArgs({
    options: {
      head: { type: "string" },
      base: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const { head, base, out } = values;
  if (head === undefined || base === undefined || out === undefined)
    throw new Error("--head, --base and --out are all needed.");
  const reports = ENVIRONMENTS.map((environment) => ({
    environment,
    head: readReports(join(head, environment)),
    base: readReports(join(base, environment)),
  }));
  writeFileSync(out, commentOn(reports));
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const unusable = error instanceof ReportError;
  process.stderr.write(
    unusable ? `${message} Next step: run npm run reports again.\n` : `${message}\n${HELP}`,
  );
  process.exitCode = unusable ? 1 : 2;
}
