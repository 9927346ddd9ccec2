import { collectorConfigData } from "../../../containers/sse/collector-config";
import { evaluate, matchingPieces, type Truth } from "../../../doctor/filter/evaluate";
import { parseFilter } from "../../../doctor/filter/parser";
import { viewOfSummary, viewOfTrace } from "../../../doctor/filter/view";
import { summarized } from "../../../doctor/xray/summarized";
import { readSummary } from "../../../doctor/xray/summary";
import { readTrace, type Trace } from "../../../doctor/xray/trace";
import { rawTrace, segmentDocument, traceId } from "../../support/traces";

const START = 1_795_000_000;

function traceOf(...documents: readonly object[]): Trace {
  return readTrace(rawTrace(traceId(1, START), documents));
}

/** A gateway that calls a function, which calls a table in vain, tells nobody, and reads from a neighbour. */
const SHOP = traceOf(
  segmentDocument(1, START, {
    name: "shop/v1",
    end_time: START + 2.5,
    origin: "AWS::ApiGateway::Stage",
    http: {
      request: {
        url: "https://shop.example.com/v2/cart",
        method: "GET",
        user_agent: "curl",
        client_ip: "192.0.2.7",
      },
      response: { status: 200 },
    },
    user: "ada",
    subsegments: [{ ...segmentDocument(2, START + 0.1), name: "Lambda", namespace: "aws" }],
  }),
  segmentDocument(3, START + 0.2, {
    name: "cart",
    parent_id: "2".padStart(16, "0"),
    end_time: START + 2.2,
    origin: "AWS::Lambda::Function",
    resource_arn: "arn:aws:lambda:eu-west-1:123456789012:function:cart",
    aws: { account_id: "123456789012" },
    annotations: { tier: "gold", items: 3, synthetic: false },
    metadata: { default: { hidden: 9 } },
    subsegments: [
      segmentDocument(4, START + 0.3, { name: "load", annotations: { items: 40 }, fault: true }),
      segmentDocument(5, START + 0.4, { name: "DynamoDB", namespace: "aws", fault: true, error: true }),
    ],
  }),
  segmentDocument(6, START + 1, {
    name: "stock.example.com",
    parent_id: "4".padStart(16, "0"),
    inferred: true,
    throttle: true,
    http: { response: { status: 429 } },
  }),
);

const truth = (expression: string, trace = SHOP): Truth =>
  evaluate(parseFilter(expression), viewOfTrace(trace));

test.each<[string, Truth]>([
  // Outside braces keywords see the root segment: what was handled below it is not found.
  ["fault", false],
  ["fault = true OR error = true", false],
  ["ok", true],
  ["!ok", false],
  ["throttle", true],
  ["partial", false],
  ["inferred", true],
  ["responsetime > 2.4 AND responsetime <= 2.5", true],
  ["duration >= 2.5", true],
  ["duration > 3", false],
  ["http.status = 200", true],
  ['http.url BEGINSWITH "https://shop." AND http.url CONTAINS "/v2/" AND http.url ENDSWITH "cart"', true],
  ['http.method != "GET"', false],
  ["http.useragent", true],
  ['http.clientip = "192.0.2.8"', false],
  ['user = "ada"', true],
  ['user CONTAINS ""', true],
  ['availabilityzone CONTAINS ""', false],
  ['resource.arn ENDSWITH ":cart"', true],
  // Annotations of any piece.
  ["annotation.items > 29", true],
  ["annotation.items = 3", true],
  ["annotation.items > 40", false],
  ['annotation.items = "3"', false],
  ['annotation.tier BEGINSWITH "go"', true],
  ["annotation.tier", true],
  ["!annotation.nothing", true],
  ["annotation.synthetic", false],
  ["!annotation.synthetic", true],
  ["annotation.hidden", false],
  ["annotation.constructor", false],
  // Nodes.
  ["service() { fault }", true],
  ['service("cart") { fault }', false],
  ['service("cart") { annotation.items = 40 }', true],
  ['service("DynamoDB") { fault AND error }', true],
  ['service("Lambda")', false],
  ['service("stock.example.com") { inferred }', true],
  ['!service("bank")', true],
  ['service(id(type: "AWS::Lambda::Function"))', true],
  ['service(id(name: "cart", type: "AWS::Lambda"))', false],
  ['service(id(name: "cart", account.id: "123456789012"))', true],
  ['service("shop/v1") { root }', true],
  ['service("cart") { root }', false],
  // Connections.
  ['edge("shop/v1", "cart")', true],
  ['edge("shop/v1", "cart") { fault }', false],
  ['edge("cart", "DynamoDB") { fault }', true],
  ['edge("cart", "stock.example.com") { http.status = 429 }', true],
  ['edge("shop/v1", "DynamoDB")', false],
  ['edge("DynamoDB", "cart")', false],
  // What only X-Ray knows leaves the answer open unless the rest decides.
  ['group.name = "errors"', undefined],
  ["rootcause.fault.service { last }", undefined],
  ['ok OR group.name = "errors"', true],
  ['fault OR group.name = "errors"', undefined],
  ['!group.name = "errors"', undefined],
  ['ok AND group.name = "errors"', undefined],
  ['fault AND group.name = "errors"', false],
  ['!(fault AND group.name = "errors")', true],
])("DOC-4 over a recorded trace %s is %s", (expression, expected) => {
  expect(truth(expression)).toBe(expected);
});

test("a summary answers what its index knows and leaves the map open", () => {
  const view = viewOfSummary(readSummary(summarized(SHOP)));
  const told = (expression: string) => evaluate(parseFilter(expression), view);
  expect(told("ok AND !fault AND http.status = 200")).toBe(true);
  expect(told('annotation.items > 29 AND user = "ada"')).toBe(true);
  expect(told("responsetime > 2.4 AND duration < 3")).toBe(true);
  expect(told('service("cart")')).toBeUndefined();
  expect(told('edge("a", "b")')).toBeUndefined();
});

test("pieces are looked at one by one", () => {
  const names = (expression: string) => matchingPieces(parseFilter(expression), SHOP).map(({ name }) => name);
  expect(names("fault = true OR error = true")).toEqual(["load", "DynamoDB"]);
  expect(names("annotation.items = 40")).toEqual(["cart", "load"]);
  expect(names("throttle")).toEqual(["stock.example.com"]);
});

describe("SSE-A3 R-28 the stream's attributes", () => {
  /** What the exporter makes of a span: indexed attributes become annotations, the rest metadata. */
  const exported = (attributes: Readonly<Record<string, number | boolean>>) => {
    const indexed: readonly string[] = collectorConfigData().exporters.awsxray.indexed_attributes;
    const split = (annotated: boolean) =>
      Object.fromEntries(Object.entries(attributes).filter(([key]) => indexed.includes(key) === annotated));
    return traceOf(
      segmentDocument(1, START, { annotations: split(true), metadata: { default: split(false) } }),
    );
  };

  // SC-005
  test.each([
    ["annotation.latency_ms > 3000", { latency_ms: 3001 }, true],
    ["annotation.latency_ms > 3000", { latency_ms: 3000 }, false],
    ["annotation.cache_hit_rate < 0.8", { cache_hit_rate: 0.79 }, true],
    ["annotation.cache_hit_rate < 0.8", { cache_hit_rate: 0.8 }, false],
    ["annotation.cache_misses > 0", { cache_misses: 7 }, false],
  ])("ANN-1 ANN-2 are found by %s as annotations, not as metadata", (expression, attributes, expected) => {
    expect(truth(expression, exported(attributes))).toBe(expected);
  });

  test("ANN-1 metadata of the same name is not found", () => {
    const trace = traceOf(segmentDocument(1, START, { metadata: { default: { latency_ms: 9000 } } }));
    expect(truth("annotation.latency_ms > 3000", trace)).toBe(false);
  });
});
