// Builds AWS's runtime clients if that has not been done, then runs the tests that need them: npm run test:runtime
// They are native add-ons that take minutes to compile, so `npm ci` leaves them alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join("lab", "runtime-client");
const STAMP = join(FOLDER, "node_modules", ".built");

/** Commands the build calls, and the Debian packages that hold them. */
const BUILD_TOOLS = {
  autoreconf: "autoconf",
  automake: "automake",
  libtoolize: "libtool",
  cmake: "cmake",
  make: "make",
  "g++": "g++",
  python3: "python3",
};

function fail(message, code) {
  process.stderr.write(`\n${message}\n`);
  process.exit(code);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  return status ?? 1;
}

const wanted = createHash("sha256")
  .update(readFileSync(join(FOLDER, "package-lock.json")))
  .update(process.version)
  .digest("hex");

if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  const missing = Object.entries(BUILD_TOOLS)
    .filter(([command]) => spawnSync(command, ["--version"], { stdio: "ignore" }).error !== undefined)
    .map(([, name]) => name);
  if (missing.length > 0) {
    const message =
      `AWS's runtime client cannot be built: ${missing.join(", ")} missing. ` +
      `Get them: apt-get install --no-install-recommends ${missing.join(" ")}`;
    if (process.env.CI === "true") fail(message, 1);
    fail(`NOT RUN: the tests under the real runtime client. ${message}`, 0);
  }
  const status = run("npm", ["ci", "--prefix", FOLDER, "--foreground-scripts=false"]);
  if (status !== 0) fail(`AWS's runtime client could not be installed: npm ci --prefix ${FOLDER} failed.`, 1);
  writeFileSync(STAMP, wanted);
}

// Continuous integration builds while other tests run, and runs these afterwards.
if (process.argv[2] === "--build") process.exit(0);

process.exit(
  run(process.execPath, [
    join("node_modules", "jest", "bin", "jest.js"),
    "--testPathIgnorePatterns=/node_modules/",
    "--testMatch=**/runtime-client/**/*.test.ts",
    // Last, because the two before take every word that follows, patterns of a caller included.
    "--runInBand",
    ...process.argv.slice(2),
  ]),
);
