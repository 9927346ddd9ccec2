import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryCollector } from "../../containers/sse/collector/trial";
import { collectorOf } from "../../containers/sse/collector/unpack";
import { collectorConfig } from "../../containers/sse/collector-config";
import { archiveOf, standInCollector } from "../support/collector-archive";

const binary = Buffer.from("a binary");

describe("the collector's archive", () => {
  const good = archiveOf({
    "extensions/collector": binary,
    "collector-config/config.yaml": Buffer.from("receivers:"),
  });

  test("SSE-A1 gives the extension", () => {
    expect(Buffer.from(collectorOf(good.bytes, good.sha256))).toEqual(binary);
  });

  test("SSE-A2 another checksum is refused, naming both", () => {
    const other = "0".repeat(64);
    expect(() => collectorOf(good.bytes, other)).toThrow(`found SHA-256 ${good.sha256}; expected ${other}`);
  });

  test.each(["", "null", good.sha256.toUpperCase(), `sha256:${good.sha256}`])(
    "SSE-A2 C6 an empty or malformed checksum is refused: %j",
    (sha256) =>
      expect(() => collectorOf(good.bytes, sha256)).toThrow(`found "${sha256}"; expected 64 hex digits`),
  );

  test("SSE-A1 a language's SDK layer is refused", () => {
    const layer = archiveOf({
      "extensions/collector": binary,
      "otel-handler": binary,
      "nodejs/index.js": binary,
    });
    expect(() => collectorOf(layer.bytes, layer.sha256)).toThrow(
      "found otel-handler, nodejs/index.js; expected only",
    );
  });

  test("SSE-A1 an archive without extension, and an empty one, are refused", () => {
    for (const files of [
      { "collector-config/config.yaml": binary },
      { "extensions/collector": Buffer.alloc(0) },
    ]) {
      const archive = archiveOf(files);
      expect(() => collectorOf(archive.bytes, archive.sha256)).toThrow("found no extensions/collector");
    }
  });
});

describe("SSE-A4 a collector is judged by starting it with its configuration (a stand-in here)", () => {
  let folder: string;
  let extension: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tracewright-collector-"));
    extension = join(folder, "collector");
    writeFileSync(extension, standInCollector(process.execPath), { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function withConfig(text: string, program = extension): Promise<void> {
    const config = join(folder, "config.yaml");
    writeFileSync(config, text);
    return tryCollector(program, config);
  }

  function script(name: string, body: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\n${body}`, { mode: 0o755 });
    return path;
  }

  test("SSE-A4 what is generated is accepted", async () => {
    await withConfig(collectorConfig());
  });

  test.each([
    ["no YAML", "receivers: [otlp\n", /found an error it reported: YAMLParseError/],
    [
      "a processor",
      collectorConfig().replace("service:", "processors:\n  decouple: {}\nservice:"),
      /unknown type "decouple" in processors/,
    ],
    [
      "a pipeline with an exporter that is not there",
      collectorConfig().replace("- awsxray", "- otlphttp"),
      /pipeline traces uses exporters otlphttp, which is not configured/,
    ],
  ])("SSE-A4 malformed: %s", async (_title, text, message) => {
    await expect(withConfig(text)).rejects.toThrow(message);
  });

  test("SSE-A4 a collector that never registers, that is no program, or that refuses exports is refused", async () => {
    const listen = (status: number) =>
      `require("http").createServer((q, r) => { r.statusCode = ${status}; r.end(); }).listen(4318, "localhost");`;
    await expect(withConfig("", script("mute", listen(200)))).rejects.toThrow(
      "no registration as an extension",
    );
    await expect(withConfig("", script("sick", listen(503)))).rejects.toThrow(
      "status 503 for an empty export",
    );
    await expect(withConfig("", join(folder, "nothing"))).rejects.toThrow("ENOENT");
  });

  test("a listener that is there already is no proof", async () => {
    const server = createServer((_request, response) => response.end());
    await new Promise<void>((done) => server.listen(4318, "localhost", done));
    try {
      await expect(withConfig(collectorConfig())).rejects.toThrow("found another listener; expected none");
    } finally {
      await new Promise((done) => server.close(done));
    }
  });
});
