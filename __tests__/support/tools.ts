import { execFileSync } from "node:child_process";

/** External programs some suites need, and how to tell that they are there. */
const TOOLS = {
  terraform: {
    command: "terraform",
    args: ["version"],
    get: "https://developer.hashicorp.com/terraform/install",
  },
  moto: {
    command: process.env["TRACEWRIGHT_PYTHON"] ?? "python3",
    args: ["-c", "import moto.server"],
    get: "pip install 'moto[server]==5.2.1', or set TRACEWRIGHT_PYTHON to a Python that has it",
  },
  chromium: {
    command: process.env["TRACEWRIGHT_CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--version"],
    get: "apt-get install chromium, or set TRACEWRIGHT_CHROMIUM to a Chromium",
  },
  buildah: {
    command: "buildah",
    args: ["--version"],
    get: "apt-get install --no-install-recommends buildah",
  },
  dockerRegistry: {
    command: "docker-registry",
    args: ["--version"],
    get: "apt-get install --no-install-recommends docker-registry",
  },
  skopeo: {
    command: "skopeo",
    args: ["--version"],
    get: "apt-get install --no-install-recommends skopeo",
  },
  gpg: {
    command: "gpg",
    args: ["--version"],
    get: "apt-get install --no-install-recommends gnupg",
  },
  runtimeClient: {
    command: process.execPath,
    args: [
      "-e",
      'require("node:fs").accessSync("lab/runtime-client/node_modules/aws-lambda-ric/dist/rapid-client.node")',
    ],
    get: "npm run test:runtime builds it",
  },
} as const;

/** Name of an external program. */
export type Tool = keyof typeof TOOLS;

/** Names of the external programs. */
export const TOOL_NAMES: readonly string[] = Object.keys(TOOLS);

/** Title of the test that stands in for a suite whose tool is missing; the reporter repeats it in its summary. */
export const NOT_RUN = "NOT RUN:";

/** The command of a tool. */
export function commandOf(tool: Tool): string {
  return TOOLS[tool].command;
}

function missing(tool: Tool): string | undefined {
  const { command, args, get } = TOOLS[tool];
  try {
    execFileSync(command, args, { stdio: "ignore", env: { ...process.env, TF_CLI_CONFIG_FILE: "" } });
    return undefined;
  } catch {
    return `${tool} was not found (tried: ${command} ${args.join(" ")}). Get it: ${get}`;
  }
}

/**
 * Declares a suite that needs external programs. Without one of them the suite fails when `CI=true`; elsewhere it is
 * skipped, and the summary says so.
 */
export function describeWith(tools: readonly Tool[], title: string, suite: () => void): void {
  const problems = tools.map(missing).filter((problem) => problem !== undefined);
  if (problems.length === 0) {
    describe(title, suite);
  } else if (process.env["CI"] === "true") {
    test(title, () => {
      throw new Error(problems.join("\n"));
    });
  } else {
    test.skip(`${NOT_RUN} ${title}: ${problems.join("; ")}`, () => undefined);
  }
}
