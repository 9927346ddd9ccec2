import fc from "fast-check";
import type { Rule, SampledRequest } from "../../../doctor/sampling/rule";
import { ACCOUNT_DEFAULT, contractRules } from "../../../doctor/sampling/rules";
import { simulate, tracedRate } from "../../../doctor/sampling/simulation";

const ANY = { ...ACCOUNT_DEFAULT, priority: 1, reservoir: 1, rate: 1 };
const rule = (change: Partial<Rule>): Rule => ({ ...ANY, name: "rule", ...change });
const request = (change: Partial<SampledRequest> = {}): SampledRequest => ({
  attributes: {},
  decider: "sdk",
  decided: undefined,
  ...change,
});
const told = (rules: readonly Rule[], change: Partial<SampledRequest> = {}) => {
  const { outcome, rule: decider, passed } = simulate([...rules, ACCOUNT_DEFAULT], request(change));
  return { outcome, rule: decider?.name, why: passed.map(({ why }) => why) };
};

test("SMP-9 1000 requests a second under one a second and 5 % make about 51 traces", () => {
  const traced = (decider: SampledRequest["decider"], perSecond: number) =>
    tracedRate(simulate([ACCOUNT_DEFAULT], request({ decider })), request({ decider }), perSecond);
  expect(Math.round(traced("sdk", 1000)?.perSecond ?? 0)).toBe(51);
  expect(traced("sdk", 0.5)).toEqual({ perSecond: 0.5, lambdaPerSecond: undefined });
  expect(traced("lambda", 1000)?.lambdaPerSecond).toBeCloseTo(50.95);
});

test("SMP-9 never fewer traces than the reservoir allows, never more than requests", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      share,
      fc.nat(100),
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      (rate, reservoir, perSecond) => {
        const simulation = simulate([rule({ rate, reservoir })], request());
        const traced = tracedRate(simulation, request(), perSecond)?.perSecond ?? Number.NaN;
        expect(traced).toBeLessThanOrEqual(perSecond * (1 + 1e-9));
        expect(traced).toBeGreaterThanOrEqual(Math.min(perSecond, reservoir) * (1 - 1e-9));
      },
    ),
  );
});

test("SMP-1 the lowest priority that fits decides, whatever order rules are listed in; names break ties", () => {
  const rules = contractRules("prod", 0.1);
  const decided = (serviceName: string) =>
    fc
      .sample(fc.shuffledSubarray([...rules], { minLength: rules.length }), 10)
      .map(
        (shuffled) =>
          simulate(shuffled, request({ serviceName, serviceType: "AWS::Lambda::Function" })).rule?.name,
      );
  expect(new Set(decided("prod-sentiment-sse"))).toEqual(new Set(["prod-sentiment-stream"]));
  expect(new Set(decided("prod-sentiment-ingestion"))).toEqual(new Set(["prod-sentiment-default"]));
  expect(new Set(decided("somebody-elses"))).toEqual(new Set(["Default"]));
  expect(told([rule({ name: "b" }), rule({ name: "a" })]).rule).toBe("a");
});

test("why the others do not decide is said", () => {
  const rules = [
    rule({ name: "early", serviceName: "shop-*", priority: 5 }),
    rule({ name: "mid", priority: 6 }),
  ];
  expect(told(rules, { serviceName: "bank" })).toEqual({
    outcome: "rule",
    rule: "mid",
    why: ["asks for the service name shop-*, not bank", "comes after mid"],
  });
});

test.each<[string, string, boolean]>([
  ["*", "anything", true],
  ["shop-*", "shop-api", true],
  ["shop-*", "SHOP-API", true],
  ["shop-?pi", "shop-api", true],
  ["shop-?pi", "shop-pi", false],
  ["shop", "shop-api", false],
  ["*.example.com", "a.example.com", true],
  ["*.example.com", "aXexampleXcom", false],
  ["/cart/*/items", "/cart/7\n/items", true],
  ["a+b(c)", "a+b(c)", true],
])("a pattern %s and the host %j: %s", (host, given, fits) => {
  expect(told([rule({ host })], { host: given }).rule).toBe(fits ? "rule" : "Default");
});

test.each<[string, Partial<Rule>, Partial<SampledRequest>, string]>([
  [
    "a gateway compares no path",
    { path: "/v1/*" },
    { decider: "gateway", path: "/v1/a" },
    "API Gateway does not compare",
  ],
  [
    "Lambda compares no method",
    { method: "POST" },
    { decider: "lambda", method: "POST" },
    "Lambda does not compare",
  ],
  [
    "the SDK compares no ARN",
    { resourceArn: "arn:*" },
    { resourceArn: "arn:1" },
    "the X-Ray SDK does not compare",
  ],
  [
    "the SDK passes rules with attributes by",
    { attributes: { a: "b" } },
    { attributes: { a: "b" } },
    "does not compare",
  ],
  [
    "a gateway compares headers",
    { attributes: { tier: "gold" } },
    { decider: "gateway", attributes: { tier: "blue" } },
    "asks for the header tier to be gold",
  ],
])("%s", (_title, change, asked, words) => {
  const { rule: decider, why } = told([rule(change)], asked);
  expect(decider).toBe("Default");
  expect(why[0]).toContain(words);
});

test("a rule with the right header decides at a gateway", () => {
  const asked = { decider: "gateway", attributes: { tier: "gold" } } as const;
  expect(told([rule({ attributes: { tier: "g*" } })], asked).rule).toBe("rule");
});

test("what the request does not say leaves the answer open, and the option that would tell is named", () => {
  const { outcome, why } = told([rule({ host: "shop.*" })]);
  expect(outcome).toBe("open");
  expect(why[0]).toContain("--host would tell");
  expect(told([rule({ attributes: { tier: "*" } })], { decider: "gateway" }).why[0]).toContain(
    "--attribute tier=",
  );
  const simulation = simulate([rule({ host: "shop.*" })], request());
  expect(tracedRate(simulation, request(), 10)).toBeUndefined();
  // What surely differs needs no further answer, and a later unknown rule does not matter.
  expect(told([rule({ host: "shop.*", method: "PUT" })], { method: "GET" }).outcome).toBe("rule");
  expect(told([rule({ name: "a" }), rule({ name: "b", host: "shop.*" })]).outcome).toBe("rule");
});

test.each([
  ["sampled", 7],
  ["not sampled", 0],
] as const)("R-10 SMP-3 a caller that says %s is believed, and no rule is asked", (decided, perSecond) => {
  const asked = request({ decider: "lambda", decided });
  const simulation = simulate([rule({ rate: 0, reservoir: 0 })], asked);
  expect(simulation).toMatchObject({ outcome: "decided", rule: undefined });
  expect(tracedRate(simulation, asked, 7)).toEqual({ perSecond, lambdaPerSecond: undefined });
});

test("R-11 SMP-9 the limits of rules are said: Lambda's own rate, clients, and that outcomes come later", () => {
  const { limits } = simulate([ACCOUNT_DEFAULT], request({ decider: "lambda" }));
  expect(limits.join("\n")).toMatch(
    /one request a second and 5 %[\s\S]*Function URL[\s\S]*before the outcome/,
  );
  expect(simulate([ACCOUNT_DEFAULT], request()).limits.join("\n")).not.toContain("5 %");
});
