import { gzipSync } from "node:zlib";
import { bundlePage, securityPolicy } from "../../tooling/page/bundle";
import { ROOT } from "../support/pipeline-lab";

const OPTIONS = {
  root: ROOT,
  apiUrl: 'https://api.example.com/v1?a="<&',
  streamUrl: "https://stream.example.com/x",
  labUrl: "",
  version: "1",
};

const files = bundlePage(OPTIONS);
const text = (path: string): string => Buffer.from(files.get(path)?.bytes ?? []).toString("utf8");

test("D35 the monitoring client is a file of its own, without its recorder of screens", () => {
  const client = [...files.keys()].filter((path) => path.startsWith("/rum-client-"));
  expect(client).toHaveLength(1);
  expect(text(client[0] ?? "")).toContain("rum.aws.amazon.com");
  expect(text(client[0] ?? "")).not.toContain("rrweb/record");
  expect(gzipSync(text(client[0] ?? "")).length).toBeLessThan(40 * 1024);
  expect(text("/main.js")).not.toContain("rum.aws.amazon.com");
  expect(gzipSync(text("/main.js")).length).toBeLessThan(16 * 1024);
});

test("the page has everything in files of its own, and its values escaped", () => {
  const html = text("/index.html");
  expect(html).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|style=|%[A-Z]+%|<!--/);
  expect(html).toContain('content="https://api.example.com/v1?a=&quot;&lt;&amp;"');
  for (const [, path = ""] of html.matchAll(/(?:href|src)="([^"#]+)"/g))
    expect(files.has(`/${path}`)).toBe(true);
});

test("the page may load nothing but its files, and data from the API, the stream and a monitor", () => {
  expect(securityPolicy(OPTIONS)).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
      "connect-src 'self' https://api.example.com https://stream.example.com; " +
      "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
  );
  expect(securityPolicy({ ...OPTIONS, monitorRegion: "eu-west-1" })).toContain(
    "https://cognito-identity.eu-west-1.amazonaws.com https://sts.eu-west-1.amazonaws.com " +
      "https://dataplane.rum.eu-west-1.amazonaws.com",
  );
});

test("no source of the page writes markup", () => {
  for (const [path] of files) expect(text(path)).not.toMatch(/EventSource\(/);
  expect(text("/main.js")).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});
