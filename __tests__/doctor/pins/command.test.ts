import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../../../lab/runtime/loopback-server";
import { tracewrightBeside } from "../../support/cli-beside";
import { httpStub } from "../../support/http-stub";
import { deadHost, ImageRegistry } from "../../support/image-registry";
import { describeWith } from "../../support/tools";

const scratch = mkdtempSync(join(tmpdir(), "tracewright-pins-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const TODAY = new Date().toISOString().slice(0, 10);
const OPEN = { what: "for a test", digest: null, checked: null, source: null, reason: "nobody has asked" };
const ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:collector:7";
const layer = { name: "collector", kind: "layer", arn: ARN, ...OPEN };

function lockFile(name: string, ...pins: readonly object[]): string {
  const file = join(scratch, `${name}.json`);
  writeFileSync(file, JSON.stringify({ platform: "linux/arm64", pins }));
  return file;
}

function pinsOf(file: string): readonly Record<string, unknown>[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { pins: Record<string, unknown>[] }).pins;
}

describeWith(["buildah", "dockerRegistry"], "pins of images, against a real registry", () => {
  let registry: ImageRegistry;
  const push = (text: string): string => registry.push("base:22", { content: { text } });
  const pinned = (digest: string | null, tag = "22"): object => ({
    ...OPEN,
    name: "base",
    kind: "image",
    image: `${registry.host}/base`,
    tag,
    ...(digest === null ? {} : { digest, checked: "2026-11-01", source: "HEAD" }),
  });

  beforeAll(async () => {
    registry = await ImageRegistry.start();
  });
  afterAll(() => registry.stop());

  test("SSE-A2 update writes digest, day and source; then check finds that the pin holds", async () => {
    const digest = push("one");
    const lock = lockFile("fresh", pinned(null));
    expect(await tracewrightBeside(["pins", "check", "--lock", lock])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/unpinned\s+base.*\n.*Next step: tracewright pins update/),
    });
    expect(await tracewrightBeside(["pins", "update", "--lock", lock])).toMatchObject({ code: 0 });
    const [pin] = pinsOf(lock);
    expect(pin).toMatchObject({
      digest,
      checked: TODAY,
      source: expect.stringContaining("/v2/base/manifests/22"),
    });
    expect(pin).not.toHaveProperty("reason");
    const held = await tracewrightBeside(["pins", "check", "--lock", lock, "--json"]);
    expect(held.code).toBe(0);
    expect(JSON.parse(held.stdout)).toEqual({
      lock,
      pins: [{ name: "base", state: "holds", locked: digest, current: digest, words: "" }],
    });
  });

  test("SSE-A2 a tag that moved is a finding, and a digest nobody can pull any more another", async () => {
    const before = push("two");
    const after = push("three");
    const lock = lockFile("moved", pinned(before));
    const moved = await tracewrightBeside(["pins", "check", "--lock", lock]);
    expect(moved.code).toBe(1);
    expect(moved.stdout).toContain(`found ${after}; expected ${before}. Next step: tracewright pins update`);
    await registry.remove("base", before);
    const gone = await tracewrightBeside(["pins", "check", "--lock", lock]);
    expect(gone).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^gone .*\n.*cannot be built again/),
    });
    const update = await tracewrightBeside(["pins", "update", "--lock", lock]);
    expect(update).toMatchObject({ code: 0, stdout: expect.stringContaining(`was ${before}`) });
    expect(pinsOf(lock)[0]).toMatchObject({ digest: after });
  });

  test("a tag that does not exist is a finding, and update leaves its pin as it was", async () => {
    const lock = lockFile("absent", pinned(push("four"), "99"));
    const before = readFileSync(lock, "utf8");
    const words = `${registry.host} has no ${registry.host}/base, 99`;
    for (const part of ["check", "update"])
      expect(await tracewrightBeside(["pins", part, "--lock", lock])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(words),
      });
    expect(readFileSync(lock, "utf8")).toBe(before);
  });

  test("one place out of reach: the others are updated, and the exit code says that something is undecided", async () => {
    const digest = push("five");
    const host = await deadHost();
    const old = { ...pinned(`sha256:${"0".repeat(64)}`), name: "other", image: `${host}/other` };
    const lock = lockFile("partly", pinned(null), old);
    const ended = await tracewrightBeside(["pins", "update", "--lock", lock]);
    expect(ended).toMatchObject({
      code: 3,
      stdout: expect.stringContaining(`run this where ${host} can be reached`),
    });
    const [base, other] = pinsOf(lock);
    expect(base).toMatchObject({ digest, checked: TODAY });
    expect(other).toEqual(old);
  });
});

describe("pins of layers, against a stand-in for Lambda", () => {
  const archive = Buffer.from("the archive of a layer");
  const sha256 = createHash("sha256").update(archive);
  const digest = `sha256:${sha256.copy().digest("hex")}`;

  /** Runs `pins` with a Lambda that answers so. */
  async function withLambda(args: readonly string[], answer: (host: string) => Answer) {
    let inner: Answer = () => undefined;
    const stub = await httpStub((request, response) => inner(request, response));
    inner = answer(stub.host);
    const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    try {
      return await tracewrightBeside(["pins", ...args], { ...keys, AWS_ENDPOINT_URL: `http://${stub.host}` });
    } finally {
      await stub.stop();
    }
  }

  const publishes =
    (content: Buffer) =>
    (host: string): Answer =>
    ({ url = "" }, response) => {
      if (url === "/archive") response.end(content);
      else if (new URL(url, "http://stub").searchParams.get("Arn") !== ARN) response.writeHead(400).end();
      else {
        const CodeSha256 = sha256.copy().digest("base64");
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ Content: { Location: `http://${host}/archive`, CodeSha256 } }));
      }
    };

  const refuses = (status: number, type: string) => (): Answer => (_request, response) => {
    response.writeHead(status, { "x-amzn-ErrorType": type, "Content-Type": "application/json" });
    response.end('{"message": "no"}');
  };

  test("SSE-A2 update takes Lambda's checksum as hex, verifies the archive and keeps it", async () => {
    const lock = lockFile("layer", layer);
    const archives = join(scratch, "archives");
    const ended = await withLambda(["update", "--lock", lock, "--archives", archives], publishes(archive));
    expect(ended.code).toBe(0);
    expect(pinsOf(lock)).toMatchObject([
      { digest, checked: TODAY, source: `lambda:GetLayerVersionByArn ${ARN}` },
    ]);
    expect(readFileSync(join(archives, "collector.zip"))).toEqual(archive);
    expect(await withLambda(["check", "--lock", lock], publishes(archive))).toMatchObject({ code: 0 });
  });

  test("SSE-A2 an archive that is not what Lambda says is neither pinned nor kept", async () => {
    const lock = lockFile("forged", layer);
    const archives = join(scratch, "forged");
    const args = ["update", "--lock", lock, "--archives", archives];
    const ended = await withLambda(args, publishes(Buffer.from("something else")));
    expect(ended).toMatchObject({
      code: 3,
      stdout: expect.stringContaining(`names ${digest}, but its archive is`),
    });
    expect(pinsOf(lock)).toMatchObject([{ digest: null }]);
    expect(existsSync(archives)).toBe(false);
  });

  test.each([
    [
      "a version that does not exist",
      404,
      "ResourceNotFoundException",
      1,
      `Lambda in eu-west-1 has no ${ARN}`,
    ],
    [
      "missing rights",
      403,
      "AccessDeniedException",
      3,
      "wants credentials that may call lambda:GetLayerVersion",
    ],
    ["a service that fails", 500, "ServiceException", 3, "Lambda in eu-west-1 did not answer"],
  ])("says what an answer means: %s", async (title, status, type, code, words) => {
    const ended = await withLambda(
      ["update", "--lock", lockFile(title.replaceAll(" ", "-"), layer)],
      refuses(status, type),
    );
    expect(ended).toMatchObject({ code, stdout: expect.stringContaining(words) });
  });

  test("out of reach: names the host and what to do, exit 3", async () => {
    const variables = {
      AWS_ENDPOINT_URL: `http://${await deadHost()}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const ended = await tracewrightBeside(
      ["pins", "update", "--lock", lockFile("offline", layer)],
      variables,
    );
    expect(ended).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/Lambda in eu-west-1 did not answer \(.*ECONNREFUSED/),
    });
    expect(ended.stderr).toContain("is left as it was");
  });
});

describe("lock files that cannot be used", () => {
  const image = { ...OPEN, name: "base", kind: "image", image: "example.com/base", tag: "1" };

  test.each<[string, readonly object[], RegExp]>([
    ["a digest that is none", [{ ...image, digest: "latest" }], /sha256: and 64 hex digits/],
    [
      "a digest without a date",
      [{ ...image, digest: `sha256:${"a".repeat(64)}` }],
      /a digest without date and source/,
    ],
    ["a name twice", [image, image], /the pin base a second time/],
    ["an unknown key", [{ ...image, optional: true }], /optional/],
    ["an unknown kind", [{ ...image, kind: "wheel" }], /kind/],
    ["a tag inside the name", [{ ...image, image: "example.com/base:1" }], /HOST\/NAME without tag/],
    ["a layer without version", [{ ...layer, arn: ARN.replace(/:7$/, "") }], /the ARN of a layer version/],
  ])("%s", async (title, pins, message) => {
    const file = lockFile(title.replaceAll(" ", "-"), ...pins);
    const ended = await tracewrightBeside(["pins", "check", "--lock", file]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(ended.stderr).toContain(file);
  });

  test("no lock file at all", async () => {
    const ended = await tracewrightBeside(["pins", "check", "--lock", join(scratch, "nothing.json")]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("no such file") });
  });
});
