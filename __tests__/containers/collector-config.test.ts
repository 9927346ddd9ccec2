import { parse, stringify } from "yaml";
import { collectorConfig, collectorConfigData } from "../../containers/sse/collector-config";
import { collectorConfigFaults } from "../../containers/sse/collector-config-faults";
import { STREAM_ANNOTATIONS } from "../../contract/spans";

type Config = ReturnType<typeof collectorConfigData> & Record<string, unknown>;

describe("the collector's configuration", () => {
  test("SSE-A3 C7 is OTLP over HTTP into X-Ray and nothing else", () => {
    expect(parse(collectorConfig())).toStrictEqual({
      receivers: { otlp: { protocols: { http: { endpoint: "localhost:4318" } } } },
      exporters: { awsxray: { indexed_attributes: expect.any(Array) } },
      service: { pipelines: { traces: { receivers: ["otlp"], exporters: ["awsxray"] } } },
    });
  });

  test("SSE-A3 C7 indexes exactly the annotations the contract names, none of them twice or with a dot", () => {
    const { indexed_attributes: keys } = (parse(collectorConfig()) as Config).exporters.awsxray;
    expect(new Set(keys)).toEqual(new Set(Object.keys(STREAM_ANNOTATIONS)));
    expect(keys).toHaveLength(Object.keys(STREAM_ANNOTATIONS).length);
    expect(keys.filter((key) => !/^[a-z_]+$/.test(key))).toEqual([]);
  });

  test("the same contract gives the same bytes, in no order but the alphabet's", () => {
    expect(collectorConfig()).toBe(collectorConfig());
    const { indexed_attributes: keys } = collectorConfigData().exporters.awsxray;
    expect([...keys].sort()).toEqual(keys);
  });

  test("what is generated has no fault", () => {
    expect(collectorConfigFaults(collectorConfig())).toEqual([]);
  });
});

describe("C7 a planted mistake is refused", () => {
  const planted = (plant: (config: Config) => void): readonly string[] => {
    const config = collectorConfigData() as Config;
    plant(config);
    return collectorConfigFaults(stringify(config));
  };

  test.each<[string, (config: Config) => void, RegExp]>([
    [
      "SSE-A3 decouple",
      (one) => (one["processors"] = { decouple: {} }),
      /^processors: found .*decouple.*would not start/,
    ],
    [
      "SSE-A3 batch",
      (one) => (one["processors"] = { batch: {} }),
      /^processors: found .*batch.*would not start/,
    ],
    [
      "SSE-A3 a processor in the pipeline",
      (one) => Object.assign(one.service.pipelines.traces, { processors: ["batch"] }),
      /^service\.pipelines\.traces\.processors: found \["batch"\]; expected nothing/,
    ],
    [
      "SSE-A3 gRPC",
      (one) => Object.assign(one.receivers.otlp.protocols, { grpc: { endpoint: "localhost:4317" } }),
      /^receivers\.otlp\.protocols\.grpc: .*HTTP only/,
    ],
    [
      "SSE-A3 another address",
      (one) => (one.receivers.otlp.protocols.http.endpoint = "0.0.0.0:4318"),
      /endpoint: found "0\.0\.0\.0:4318"; expected "localhost:4318"/,
    ],
    [
      "every attribute indexed",
      (one) => Object.assign(one.exporters.awsxray, { index_all_attributes: true }),
      /index_all_attributes: found true; expected nothing.*at most 50/,
    ],
    [
      "a key missing",
      (one) => one.exporters.awsxray.indexed_attributes.pop(),
      /indexed_attributes: .*trigger/,
    ],
    [
      "SSE-A3 a second exporter",
      (one) => Object.assign(one.exporters, { debug: {} }),
      /^exporters\.debug: found {}/,
    ],
    [
      "SSE-A3 a metrics pipeline",
      (one) =>
        Object.assign(one.service.pipelines, { metrics: { receivers: ["otlp"], exporters: ["awsxray"] } }),
      /^service\.pipelines\.metrics: .*only traces/,
    ],
    ["SSE-A3 zpages", (one) => (one["extensions"] = { zpages: {} }), /^extensions: .*zpages/],
    ["no receiver", (one) => Reflect.deleteProperty(one, "receivers"), /^receivers: found nothing/],
  ])("%s", (_title, plant, message) => {
    const faults = planted(plant);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
    expect(faults[0]).toContain("Next step: ");
  });

  test.each([
    ["no YAML", "receivers: [otlp\n", /found no YAML/],
    ["nothing", "", /the collector's configuration: found null/],
    ["a key twice", `${collectorConfig()}service: {}\n`, /found no YAML .*unique/],
  ])("%s", (_title, text, message) => {
    expect(collectorConfigFaults(text)).toEqual([expect.stringMatching(message)]);
  });
});
