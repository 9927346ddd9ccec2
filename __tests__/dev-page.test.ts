import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LAB_PATH } from "../lab/page/page-server";
import { ROOT } from "./support/pipeline-lab";
import { commandOf, describeWith } from "./support/tools";

const PROGRAM = ["tooling/run.mjs", "dev-page.ts"];

function devPage(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [...PROGRAM, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

test("npm run dev:page explains itself", () => {
  const { status, stdout } = devPage(["--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain("Ctrl-C stops it");
});

test.each([
  [["--port", "http"], "--port must be a whole number from 0 to 65535"],
  [["--port", "70000"], "--port must be a whole number from 0 to 65535"],
  [["--news-every", "1"], "--news-every must be a whole number from 50 to 60000"],
  [["--nonsense"], "Unknown option"],
])("npm run dev:page refuses %j", (args, message) => {
  const { status, stderr } = devPage(args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain("--help");
  expect(stderr).not.toMatch(/ at .*:\d+/);
});

test("npm run dev:page says how to get moto", () => {
  const { status, stderr } = devPage([], { TRACEWRIGHT_PYTHON: "no-such-python" });
  expect(status).toBe(2);
  expect(stderr).toContain("pip install 'moto[server]==5.2.1'");
});

describeWith(["moto"], "npm run dev:page", () => {
  let child: ChildProcess;
  let origin: string;
  let said = "";
  let readyMs: number;

  beforeAll(async () => {
    const began = Date.now();
    const env = { ...process.env, TRACEWRIGHT_PYTHON: commandOf("moto") };
    child = spawn(process.execPath, [...PROGRAM, "--port", "0"], {
      cwd: ROOT,
      env,
      stdio: "pipe",
      detached: true,
    });
    origin = await new Promise<string>((resolve, reject) => {
      const read = (bytes: Buffer) => {
        said += bytes.toString("utf8");
        const url = /http:\/\/localhost:\d+/.exec(said)?.[0];
        if (url !== undefined) resolve(url);
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("exit", () => reject(new Error(said)));
    });
    readyMs = Date.now() - began;
  });

  test("is ready soon and says each step", () => {
    expect(readyMs).toBeLessThan(30_000);
    for (const step of ["bundling", "moto", "streaming function", "dashboard function", "news"]) {
      expect(said).toContain(step);
    }
  });

  test("serves the page to its own address only", async () => {
    const page = await fetch(`${origin}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<meta name="tracewright-api" content="http://127.0.0.1:');
    const other = await fetch(origin.replace("localhost", "127.0.0.1"));
    expect(other.status).toBe(421);
    expect((await fetch(`${origin}/../package.json`)).status).toBe(404);
    expect((await fetch(`${origin}${LAB_PATH}/traces/1-2-3`)).status).toBe(404);
  });

  test("takes faults from its own page only", async () => {
    const faults = `${origin}${LAB_PATH}/faults`;
    const list = (await (await fetch(faults)).json()) as readonly {
      name: string;
      label: string;
      effect: string;
    }[];
    expect(list.map(({ name }) => name)).toContain("reset");
    for (const { label, effect } of list) expect(label !== "" && effect !== "").toBe(true);
    const cause = (headers: Record<string, string>) => fetch(`${faults}/reset`, { method: "POST", headers });
    expect((await cause({})).status).toBe(404);
    expect((await cause({ origin: "https://example.com" })).status).toBe(404);
    expect((await cause({ origin })).status).toBe(204);
    expect((await fetch(`${faults}/nonsense`, { method: "POST", headers: { origin } })).status).toBe(404);
  });

  test("says when its port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = devPage(["--port", String(port)], { TRACEWRIGHT_PYTHON: commandOf("moto") });
    server.close();
    expect(status).toBe(1);
    expect(stderr).toContain("The port is taken");
  });

  test("stops everything on Ctrl-C", async () => {
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    // As a terminal does it: every process of the group gets the signal.
    if (child.pid === undefined) throw new Error("there is no process to end");
    process.kill(-child.pid, "SIGINT");
    expect(await ended).toBe(0);
    expect(said.slice(said.indexOf("stopping"))).toBe("stopping\n");
    await expect(fetch(origin)).rejects.toThrow();
  });
});
