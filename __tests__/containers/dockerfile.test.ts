import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { dockerfileFaults } from "../../containers/sse/dockerfile-faults";
import { AGEING } from "../../contract/ageing";
import { readLock } from "../../doctor/pins/lock";

const ROOT = resolve(__dirname, "..", "..");
const dockerfile = readFileSync(join(ROOT, "containers", "sse", "Dockerfile"), "utf8");
const lock = readLock(join(ROOT, "containers", "sse", "pins.lock.json"));
const DIGEST = `@sha256:${"a".repeat(64)}`;

describe("the Dockerfile", () => {
  test("SSE-A2 C6 names every base by digest and copies only from its own stages", () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(4);
  });

  test.each([
    [
      "a mutable tag",
      "FROM public.ecr.aws/lambda/nodejs:22 AS a",
      /^Dockerfile:1: found FROM public\.ecr\.aws/,
    ],
    ["no tag at all", "FROM node", /FROM node/],
    ["an argument with a default", "ARG B=node:22\nFROM ${B} AS a", /^Dockerfile:2: found FROM \$\{B\}/],
    ["an argument nobody declared", "FROM ${B} AS a", /FROM \$\{B\}/],
    ["a stage that comes later", `FROM b AS a\nFROM x${DIGEST} AS b`, /^Dockerfile:1: found FROM b/],
    ["a short digest", "FROM x@sha256:abc", /FROM x@sha256:abc/],
    ["a copy from an image", `FROM x${DIGEST} AS a\nCOPY --from=busybox:1 /bin/sh /sh`, /--from=busybox:1/],
    [
      "a copy from an argument",
      `FROM x${DIGEST} AS a\nCOPY --chown=0:0 --from=\${B} /a /a`,
      /--from=\$\{B\}/,
    ],
    ["a download", `FROM x${DIGEST} AS a\nADD https://example.com/c.zip /c.zip`, /found a download/],
  ])("SSE-A2 C6 %s is refused", (_title, text, message) => {
    expect(dockerfileFaults(text)).toEqual([expect.stringMatching(message)]);
  });

  test("SSE-A2 a tag beside a digest is allowed, a platform flag too", () => {
    expect(dockerfileFaults(`FROM --platform=linux/arm64 x:1${DIGEST} AS a\nFROM a`)).toEqual([]);
  });

  test("SSE-A1 C7 sets no exec wrapper, no preload and no propagator", () => {
    expect(dockerfile).not.toMatch(/AWS_LAMBDA_EXEC_WRAPPER|NODE_OPTIONS|OTEL_PROPAGATORS/);
  });

  test("the execution environment's name is the runtime of the contract", () => {
    expect(dockerfile).toContain(`AWS_EXECUTION_ENV=AWS_Lambda_${AGEING.lambdaRuntime.value}\n`);
  });

  test("SSE-A1 the collector is mandatory: no step may fail quietly", () => {
    expect(dockerfile).not.toMatch(/\|\||;\s*true|COPY .*\*|continue/);
  });
});

describe("the pins", () => {
  test("SSE-A2 are for the contract's architecture and runtime", () => {
    const architecture = AGEING.lambdaArchitecture.value;
    const runtime = /\d+/.exec(AGEING.lambdaRuntime.value)?.[0];
    expect(lock.platform).toBe(`linux/${architecture}`);
    const [base, collector] = lock.pins;
    expect(base).toMatchObject({ name: "base", kind: "image", tag: `${runtime}-${architecture}` });
    expect(collector).toMatchObject({ name: "collector", kind: "layer" });
    expect(collector).toHaveProperty(
      "arn",
      expect.stringContaining(`aws-otel-collector-${architecture}-ver-`),
    );
  });

  test("SSE-A2 a digest has a date within a year and a source; without one there is a reason", () => {
    const year = 365 * 24 * 60 * 60 * 1000;
    for (const { digest, checked, source, reason } of lock.pins) {
      if (digest === null) expect(reason).toMatch(/\d{4}-\d{2}-\d{2}/);
      else
        expect([source, Date.now() - Date.parse(checked ?? "") < year]).toEqual([expect.any(String), true]);
    }
  });
});

test("SSE-A8 no other function ships the collector", () => {
  const sources = ["functions", "modules", "containers"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ts$|Dockerfile/.test(name))
      .map((name) => join(folder, name)),
  );
  const naming = sources.filter((file) =>
    /opt\/extensions|aws-otel-collector|\blayers\b\s*:/.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(naming.filter((file) => !file.startsWith("containers/sse/"))).toEqual([]);
  expect(readdirSync(join(ROOT, "containers"))).toEqual(["sse"]);
});
