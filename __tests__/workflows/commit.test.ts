import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "../../tooling/plan/terraform";
import { JOBS } from "./workflows";

const [, { steps }] = JOBS.find(([title]) => title === "deploy-environment.yml commit") ?? [
  "",
  { steps: [] },
];
const SCRIPT = steps.find(({ id }) => id === "commit")?.run ?? "";

describe("which commit is planned", () => {
  const directory = mkdtempSync(join(tmpdir(), "tracewright-"));
  const output = join(directory, "output");
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const git = (...args: readonly string[]): string => {
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    return execFileSync("git", [...who, ...args], { cwd: directory, encoding: "utf8" }).trim();
  };

  beforeAll(() => {
    git("init", "--quiet");
    for (const message of ["old", "new"]) git("commit", "--quiet", "--allow-empty", "--message", message);
  });

  const decide = async (deployed: string, FORWARD: "true" | "false") => {
    rmSync(output, { force: true });
    const { code, stdout } = await execute(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", SCRIPT],
      {
        cwd: directory,
        env: {
          ...process.env,
          ENVIRONMENT: "dev",
          DEPLOYED: deployed,
          FORWARD,
          GITHUB_OUTPUT: output,
          GITHUB_SHA: git("rev-parse", "HEAD"),
        },
      },
    );
    return { code, said: stdout, put: existsSync(output) ? readFileSync(output, "utf8") : "" };
  };
  /** A commit of main that is newer than the one checked out, as when another run has overtaken this one. */
  const newer = (): string => git("commit-tree", "-p", "HEAD", "-m", "newer", "HEAD^{tree}");

  test("DEP-4 going back plans what is deployed, full or short, and leaves its version as it is written", async () => {
    const old = git("rev-parse", "HEAD^");
    const short = old.slice(0, 9);
    expect(await decide(old, "false")).toEqual({ code: 0, said: "", put: `sha=${old}\nversion=${old}\n` });
    expect(await decide(short, "false")).toEqual({
      code: 0,
      said: "",
      put: `sha=${old}\nversion=${short}\n`,
    });
  });

  test.each([
    ["no commit", () => "v1"],
    ["a branch's name", () => "main"],
    ["nothing", () => "None"],
    ["a commit nobody knows", () => "0123456789abcdef0123456789abcdef01234567"],
    ["a commit that is not on main", newer],
  ])("DEP-4 going back from %s is refused", async (_title, deployed) => {
    const { code, said, put } = await decide(deployed(), "false");
    expect([code, put]).toEqual([1, ""]);
    expect(said).toMatch(/^::error::dev runs \S+; expected a commit of main\. Next step: go back by hand/);
  });

  test("a release goes over an older one, and over a version made by hand", async () => {
    const head = git("rev-parse", "HEAD");
    for (const deployed of [git("rev-parse", "HEAD^"), head, "v1"])
      expect(await decide(deployed, "true")).toEqual({
        code: 0,
        said: "",
        put: `sha=${head}\nversion=${head}\n`,
      });
  });

  test("a release does not undo a newer one", async () => {
    const { code, said, put } = await decide(newer(), "true");
    expect([code, put]).toEqual([1, ""]);
    expect(said).toContain("or an older commit. Next step: deploy the newest commit of main");
  });
});
