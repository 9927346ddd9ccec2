import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectorConfig } from "../../containers/sse/collector-config";
import { COLLECTOR_VARIABLE } from "../../contract/environment-variables";
import { STREAM_ROUTES } from "../../contract/streaming";
import { imageDigest } from "../../doctor/pins/registry";
import { urlEvent } from "../../lab/runtime/url-event";
import { buildImage } from "../../tooling/image/buildah";
import { buildContext } from "../../tooling/image/context";
import type { Target } from "../../tooling/image/options";
import { pinnedParts } from "../../tooling/image/pinned";
import { archiveOf, standInCollector } from "../support/collector-archive";
import { ImageRegistry } from "../support/image-registry";
import { OciLayout } from "../support/oci-layout";
import { streamCode } from "../support/stream-code";
import { StreamLab } from "../support/stream-lab";
import { describeWith } from "../support/tools";

const CODE = streamCode();

const BUILD_MS = 120_000;

/** This machine's Node.js and what it links to, where AWS's base image has its own. */
function nodeFiles(): Record<string, { readonly from: string }> {
  const linked = execFileSync("ldd", [process.execPath], { encoding: "utf8" }).match(/\/[^\s:]+/g) ?? [];
  return Object.fromEntries([
    ["var/lang/bin/node", { from: process.execPath }],
    ...linked.map((library) => [library.slice(1), { from: library }] as const),
  ]);
}

describeWith(
  ["buildah", "dockerRegistry", "skopeo", "runtimeClient", "moto"],
  "C6 the streaming function's image",
  () => {
    let folder: string;
    let registry: ImageRegistry;
    let lock: string;
    const digests = new Map<string, string>();
    const images = new Map<Target, OciLayout>();

    const options = (target: Target, place: string) => ({
      target,
      function: join(folder, "function"),
      archive: join(folder, "collector.zip"),
      lock,
      out: join(folder, place),
    });

    function build(target: Target, place: string): string {
      const chosen = options(target, place);
      return buildImage(chosen, buildContext(chosen), pinnedParts(lock, target));
    }

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "tracewright-image-"));
      lock = join(folder, "pins.lock.json");
      mkdirSync(join(folder, "function"));
      writeFileSync(join(folder, "function", "index.mjs"), CODE);
      writeFileSync(join(folder, "function", "metafile.json"), '{"inputs": {}, "outputs": {}}');
      const archive = archiveOf({
        "extensions/collector": standInCollector(),
        "collector-config/config.yaml": Buffer.from("receivers: the layer's own\n"),
      });
      writeFileSync(join(folder, "collector.zip"), archive.bytes);
      registry = await ImageRegistry.start();
      const digest = registry.push("lambda/nodejs:22", nodeFiles());
      const told = { what: "a stand-in", checked: "2026-11-21", source: "this test" };
      const pins = [
        { name: "base", kind: "image", image: `${registry.host}/lambda/nodejs`, tag: "22", digest, ...told },
        {
          name: "collector",
          kind: "layer",
          arn: "arn:aws:lambda:us-east-1:123456789012:layer:stand-in:1",
          digest: `sha256:${archive.sha256}`,
          ...told,
        },
      ];
      const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
      writeFileSync(lock, JSON.stringify({ platform, pins }));
      for (const target of ["release", "baseline"] as const) {
        digests.set(target, build(target, "one"));
        images.set(target, new OciLayout(join(folder, "one", target)));
      }
    }, BUILD_MS);

    afterAll(() => {
      registry.stop();
      rmSync(folder, { recursive: true });
    });

    const image = (target: Target): OciLayout => images.get(target) as OciLayout;

    test("C6 SSE-A1 the release holds the collector, root's and executable, and the contract's configuration", () => {
      const { entries } = image("release");
      expect(entries.get("opt/extensions/collector")).toMatchObject({ mode: "-rwxr-xr-x", owner: "0/0" });
      expect(entries.get("opt/collector-config/config.yaml")).toMatchObject({
        mode: "-rw-r--r--",
        owner: "0/0",
      });
      for (const name of ["opt/extensions", "opt/collector-config"])
        expect(entries.get(name)).toMatchObject({ mode: "drwxr-xr-x", owner: "0/0" });
      expect(image("release").text("opt/collector-config/config.yaml")).toBe(collectorConfig());
      expect(image("release").text("opt/extensions/collector")).toBe(standInCollector().toString());
    });

    test("C6 SSE-A1 nothing else reaches /opt, and nothing of the build stays", () => {
      const paths = [...image("release").entries.keys()];
      expect(paths.filter((path) => path.startsWith("opt/")).sort()).toEqual([
        "opt/collector-config",
        "opt/collector-config/config.yaml",
        "opt/extensions",
        "opt/extensions/collector",
      ]);
      expect(paths.filter((path) => path.startsWith("collector-build"))).toEqual([]);
    });

    test("C6 SSE-A7 the baseline holds the same code, no collector, and tracing is off", () => {
      const { entries, config } = image("baseline");
      expect([...entries.keys()].filter((path) => path.startsWith("opt"))).toEqual([]);
      expect(config.Env).toContain(`${COLLECTOR_VARIABLE}=absent`);
      expect(image("release").config.Env).not.toContain(`${COLLECTOR_VARIABLE}=absent`);
      expect(image("baseline").text("var/task/index.mjs")).toBe(image("release").text("var/task/index.mjs"));
      expect(digests.get("baseline")).not.toBe(digests.get("release"));
    });

    test.each(["release", "baseline"] as const)(
      "SSE-A1 C7 %s runs without privilege, wrapper or preload",
      (target) => {
        const { config, entries } = image(target);
        expect(config).toMatchObject({ User: "65532:65532", Cmd: ["index.handler"] });
        expect(entries.get("var/task/index.mjs")).toMatchObject({ mode: "-rw-r--r--", owner: "0/0" });
        expect(config.Env.join("\n")).not.toMatch(/AWS_LAMBDA_EXEC_WRAPPER|NODE_OPTIONS|OTEL_PROPAGATORS/);
      },
    );

    test(
      "C6 the same sources give the same digest, elsewhere too",
      () => {
        // Neither the modes nor the times of the sources are part of the image.
        chmodSync(join(folder, "function", "index.mjs"), 0o600);
        writeFileSync(join(folder, "function", "index.mjs"), CODE);
        expect(build("release", "one")).toBe(digests.get("release"));
        expect(build("release", "another/place")).toBe(digests.get("release"));
        expect(digests.get("release")).toMatch(/^sha256:[0-9a-f]{64}$/);
      },
      BUILD_MS,
    );

    test("C6 SSE-A2 the printed digest is the one a registry has after the push that docs/container.md names", async () => {
      const pushed = `${registry.host}/sse`;
      const target = `docker://${pushed}:release`;
      execFileSync("skopeo", [
        "copy",
        "--dest-tls-verify=false",
        `oci:${join(folder, "one", "release")}`,
        target,
      ]);
      expect(await imageDigest(pushed, "release")).toEqual({
        state: "found",
        digest: digests.get("release"),
      });
    });

    test(
      "C6 SSE-A2 an archive with another checksum fails the build",
      () => {
        const chosen = options("release", "wrong");
        const collectorSha256 = "0".repeat(64);
        const pinned = { ...pinnedParts(lock, "release"), collectorSha256 };
        expect(() => buildImage(chosen, buildContext(chosen), pinned)).toThrow(
          /collector\.zip: found SHA-256 [0-9a-f]{64}; expected 0{64}/,
        );
      },
      BUILD_MS,
    );

    test(
      "C6 SSE-A4 a configuration the collector does not start with fails the build",
      () => {
        const chosen = options("release", "malformed");
        const context = buildContext(chosen);
        const malformed = collectorConfig().replace("service:", "processors:\n  batch: {}\nservice:");
        writeFileSync(join(context, "collector-config.yaml"), malformed);
        expect(() => buildImage(chosen, context, pinnedParts(lock, "release"))).toThrow(
          'unknown type "batch" in processors',
        );
      },
      BUILD_MS,
    );

    test(
      "C6 SSE-A2 a base of another digest fails the build",
      () => {
        const chosen = options("baseline", "other-base");
        const pinned = pinnedParts(lock, "baseline");
        const base = pinned.base.replace(/[0-9a-f]{64}$/, "0".repeat(64));
        expect(() => buildImage(chosen, buildContext(chosen), { ...pinned, base })).toThrow(
          /manifest unknown|not found/,
        );
      },
      BUILD_MS,
    );

    describe("C6 the function of the image under the runtime client", () => {
      let lab: StreamLab;

      beforeAll(async () => {
        lab = await StreamLab.start();
      });
      afterAll(() => lab.stop());

      test.each([
        ["release", true],
        ["baseline", false],
      ] as const)("SSE-A7 C6 streams from %s, traced: %p", async (target, traced) => {
        await lab.reset();
        const { config } = image(target);
        expect(config.Env).toContain("AWS_EXECUTION_ENV=AWS_Lambda_nodejs22.x");
        const ofImage = config.Env.map((one): [string, string] => [
          one.slice(0, one.indexOf("=")),
          one.slice(one.indexOf("=") + 1),
        ]).filter(([name]) => name !== "PATH");
        const client = await lab.client({
          code: image(target).text("var/task/index.mjs"),
          variables: { ...Object.fromEntries(ofImage), SSE_MAX_STREAM_MS: "3000" },
        });
        const { end, events } = await client.invoke(urlEvent({ path: STREAM_ROUTES.global }));
        expect(end).toBe("streamed");
        expect(events.map(({ fields }) => fields["event"]).filter((name) => name !== undefined)).toEqual([
          "heartbeat",
          "metrics",
          "deadline",
          "done",
        ]);
        expect(lab.collector.connections > 0).toBe(traced);
      });
    });

    test(
      "C6 the command prints the digest the build gives",
      () => {
        const { function: code, archive, out } = options("baseline", "command");
        const args = [
          "--target",
          "baseline",
          "--lock",
          lock,
          "--function",
          code,
          "--archive",
          archive,
          "--out",
          out,
        ];
        const ended = spawnSync(process.execPath, ["tooling/run.mjs", "tooling/image/cli.ts", ...args], {
          encoding: "utf8",
        });
        expect(ended).toMatchObject({ status: 0, stdout: `${digests.get("baseline")}\n` });
        expect(readFileSync(join(out, "baseline.digest"), "utf8")).toBe(digests.get("baseline"));
      },
      BUILD_MS,
    );
  },
);
