import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvironments, SETTINGS_FILE } from "../environments";
import { Checkout } from "./support/checkout";
import { expectRefusal, SettingsFolder } from "./support/settings-folder";

describe("settings", () => {
  let folder: SettingsFolder;
  let root: string;
  beforeEach(() => {
    folder = new SettingsFolder();
    root = folder.root;
  });
  afterEach(() => folder.remove());

  const write = (content: unknown, name?: string) => folder.write(content, name);
  const refusal = (variables?: Readonly<Record<string, string>>) => folder.refusal(variables);

  test("without a file every environment has its defaults", () => {
    const found = [...loadEnvironments(root, {})].map(([name, one]) => [
      name,
      one.region,
      one.alarmTier,
      one.logRetentionDays,
      one.samplingRate,
    ]);
    expect(found).toEqual([
      ["dev", "eu-west-1", "essential", 30, 1],
      ["preprod", "eu-west-1", "standard", 30, 1],
      ["prod", "eu-west-1", "full", 90, 0.1],
    ]);
    const origins = [...loadEnvironments(root, {}).values()].map(({ corsOrigins }) => corsOrigins);
    expect(origins).toEqual([["http://localhost:3000"], [], []]);
    for (const one of loadEnvironments(root, {}).values()) {
      expect(one).not.toHaveProperty("alertEmail");
      expect(one).not.toHaveProperty("accountId");
    }
  });

  test("a bucket for the state is taken as it is, and a wrong one refused by its key", () => {
    const state = { bucket: "our-state", region: "eu-west-1" };
    write({ prod: { state } });
    expect(loadEnvironments(root, {}).get("prod")?.state).toEqual(state);
    expect(loadEnvironments(root, {}).get("dev")).not.toHaveProperty("state");
    write({ prod: { state: { ...state, bucket: "Our State" } } });
    expectRefusal(refusal(), "settings.json: prod.state.bucket", '"Our State"', "the name of an S3 bucket");
    write({ prod: { state: { ...state, table: "locks" } } });
    expectRefusal(
      refusal(),
      "settings.json: prod.state.table",
      "an unknown key",
      "one of bucket, region, kmsKeyArn",
    );
    write({ prod: { state: { bucket: "our-state" } } });
    expectRefusal(refusal(), "settings.json: prod.state.region", "nothing", "a value");
  });

  test("a file overrides what it names and nothing else", () => {
    write({ dev: { alertEmail: "ops@example.org", accountId: "123456789012", samplingRate: 0 } });
    const settings = loadEnvironments(root, {});
    expect(settings.get("dev")).toMatchObject({
      alertEmail: "ops@example.org",
      accountId: "123456789012",
      samplingRate: 0,
      alarmTier: "essential",
    });
    expect(settings.get("prod")).toMatchObject({ samplingRate: 0.1 });
  });

  test("TRACEWRIGHT_SETTINGS names another file, relative to the root or absolute", () => {
    const file = write({ dev: { logRetentionDays: 7 } }, "other.json");
    for (const name of ["other.json", file]) {
      const settings = loadEnvironments(root, { TRACEWRIGHT_SETTINGS: name });
      expect(settings.get("dev")).toMatchObject({ logRetentionDays: 7 });
    }
  });

  test("TRACEWRIGHT_ENVIRONMENTS chooses environments, in a fixed order", () => {
    const variables = { TRACEWRIGHT_ENVIRONMENTS: "prod, dev" };
    expect([...loadEnvironments(root, variables).keys()]).toEqual(["dev", "prod"]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ["samplingRate", { samplingRate: 1.5 }, "1.5", "a number from 0 to 1"],
    ["samplingRate", { samplingRate: -0.1 }, "-0.1", "a number from 0 to 1"],
    ["samplingRate", { samplingRate: "1" }, '"1"', "number"],
    ["alertEmail", { alertEmail: "" }, '""', "an e-mail address"],
    ["mailFrom", { mailFrom: "us" }, '"us"', "an e-mail address"],
    ["dashboardUrl", { dashboardUrl: "http://a.example" }, '"http://a.example"', "https://HOST"],
    ["dashboardUrl", { dashboardUrl: "https://a.example?b" }, '"https://a.example?b"', "https://HOST"],
    ["mailBaseUrl", { mailBaseUrl: "mail" }, '"mail"', "an http or https URL"],
    ["rumSampleRate", { rumSampleRate: 2 }, "2", "a number from 0 to 1"],
    ["corsOrigins.0", { corsOrigins: ["*"] }, '"*"', "https://HOST or http://localhost:PORT"],
    [
      "corsOrigins.1",
      { corsOrigins: ["https://a.example", "http://b.example"] },
      '"http://b',
      "https://HOST",
    ],
    ["corsOrigins.0", { corsOrigins: ["https://a.example/app"] }, '"https://a', "https://HOST"],
    ["corsOrigins", { corsOrigins: "https://a.example" }, '"https://a', "Array"],
    ["region", { region: "Ireland" }, '"Ireland"', "an AWS region such as eu-west-1"],
    ["backupRegion", { backupRegion: "Frankfurt" }, '"Frankfurt"', "an AWS region such as eu-west-1"],
    ["backupRegion", { backupRegion: "eu-west-1" }, '"eu-west-1"', "another region than the stack's"],
    [
      "backupRegion",
      { region: "cn-north-1" },
      '"eu-central-1"',
      "a region of the same partition as the stack's",
    ],
    [
      "backupRegion",
      { backupRegion: "cn-north-1" },
      '"cn-north-1"',
      "a region of the same partition as the stack's",
    ],
    [
      "alertWebhook",
      { alertWebhook: "http://hooks.example/T0KEN" },
      "a value that is not shown",
      "an https URL",
    ],
    ["traceQuotaCode", { traceQuotaCode: "x" }, '"x"', "a quota code such as L-0123ABCD"],
    ["alarmTier", { alarmTier: "all" }, '"all"', '("essential" | "standard" | "full")'],
    ["accountId", { accountId: "12345" }, '"12345"', "an account id of 12 digits"],
    ["accountId", { accountId: 123456789012 }, "123456789012", "string"],
    ["logRetentionDays", { logRetentionDays: 31 }, "31", "(1 | 3 | 5 | 7"],
    ["vendorBaseUrls.tiingo", { vendorBaseUrls: { tiingo: "x", finnhub: "https://y" } }, '"x"', "an http"],
    [
      "vendorBaseUrls.tiingo",
      { vendorBaseUrls: { tiingo: "ftp://x", finnhub: "https://y" } },
      '"ftp://x"',
      "an http",
    ],
    ["vendorBaseUrls.finnhub", { vendorBaseUrls: { tiingo: "https://x" } }, "nothing", "a value"],
    [
      "vendorBaseUrls.z",
      { vendorBaseUrls: { tiingo: "https://x", finnhub: "https://y", z: "https://q" } },
      "an unknown key",
      "one of tiingo, finnhub",
    ],
    ["smaplingRate", { smaplingRate: 1 }, "an unknown key", "one of region, backupRegion, alarmTier"],
  ])("%s of %p is refused, naming file, key, found, expected and next step", (key, prod, found, expected) => {
    const file = write({ prod });
    expectRefusal(refusal(), `${file}: prod.${key}`, found, expected);
  });

  test("CAN-7 a webhook that is refused is not repeated, because whoever knows it may post to it", () => {
    write({ prod: { alertWebhook: "http://hooks.example/T0KEN" } });
    expect(refusal()).not.toContain("T0KEN");
  });

  test("CAN-7 the region the canary pages from is never the stack's own", () => {
    for (const one of loadEnvironments(root, {}).values()) expect(one.backupRegion).toBe("eu-central-1");
    write({ prod: { region: "eu-central-1" } });
    expect(loadEnvironments(root, {}).get("prod")).toMatchObject({ backupRegion: "eu-west-1" });
    write({ prod: { region: "eu-central-1", backupRegion: "eu-north-1" } });
    expect(loadEnvironments(root, {}).get("prod")).toMatchObject({ backupRegion: "eu-north-1" });
  });

  test("the README's own example is taken", () => {
    const readme = readFileSync(resolve(__dirname, "..", "README.md"), "utf8");
    const [, example = ""] = /## Settings.*?```json\n(.*?)```/s.exec(readme) ?? [];
    write(JSON.parse(example));
    expect(loadEnvironments(root, {}).get("prod")).toMatchObject({ alertEmail: "operators@example.com" });
  });

  test("all mistakes of an environment are told at once", () => {
    write({ prod: { alarmTier: "all", samplingRate: 2 } });
    const lines = refusal().split("\n");
    expect(lines.map((line) => /prod\.(\w+)/.exec(line)?.[1])).toEqual(["alarmTier", "samplingRate"]);
  });

  test("a mistake in an environment nobody asked for is refused too", () => {
    const file = write({ prod: { samplingRate: 2 } });
    const message = refusal({ TRACEWRIGHT_ENVIRONMENTS: "dev" });
    expectRefusal(message, `${file}: prod.samplingRate`, "2", "a number from 0 to 1");
  });

  test("an unknown environment in the file", () => {
    const file = write({ production: {} });
    expectRefusal(refusal(), file, 'environment "production"', "one of dev, preprod, prod");
  });

  test.each(["staging", "dev,staging", "", "dev,"])("TRACEWRIGHT_ENVIRONMENTS %p", (list) => {
    const message = refusal({ TRACEWRIGHT_ENVIRONMENTS: list });
    const unknown = JSON.stringify(list.split(",").find((name) => name !== "dev"));
    expectRefusal(message, "TRACEWRIGHT_ENVIRONMENTS", `environment ${unknown}`, "one of dev, preprod, prod");
  });

  test.each(['{"prod": {', "", "[1"])("truncated JSON %p", (content) => {
    const file = write(content);
    expectRefusal(refusal(), file, "", "a JSON file");
  });

  test.each([["null"], ["1"], ['{"dev": 1}'], ["[]"], ['{"dev": []}'], ['{"dev": null}']])(
    "JSON of another shape: %s",
    (content) => {
      const file = write(content);
      expectRefusal(refusal(), file, content.replace(" ", ""), "an object per environment");
    },
  );

  test("a file that was named but is not there", () => {
    const message = refusal({ TRACEWRIGHT_SETTINGS: "gone.json" });
    expectRefusal(message, join(root, "gone.json"), "", "a JSON file");
    expect(message).toContain("ENOENT: no such file");
  });

  test("the program ends with 1 and the message, without a stack trace and without writing anything", () => {
    const checkout = new Checkout();
    try {
      checkout.write(SETTINGS_FILE, JSON.stringify({ dev: { samplingRate: 1.5 } }));
      const run = checkout.synth();
      expect(run).toMatchObject({ code: 1, stdout: "" });
      expectRefusal(run.stderr.trim(), `${SETTINGS_FILE}: dev.samplingRate`, "1.5", "a number from 0 to 1");
      expect(run.stderr).not.toMatch(/^\s+at /m);
      expect(() => checkout.files("cdktf.out")).toThrow("ENOENT");
    } finally {
      checkout.remove();
    }
  });
});
