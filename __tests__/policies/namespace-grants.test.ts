import type { RoleGrants } from "../../policies/rules/grants";
import { mayWrite, namedNamespaces } from "../../policies/rules/namespace-grants";

const put = (more: object = {}) => ({
  Effect: "Allow",
  Action: "cloudwatch:PutMetricData",
  Resource: "*",
  ...more,
});
const when = (operator: string, value: unknown) => ({
  Condition: { [operator]: { "cloudwatch:namespace": value } },
});

const role = (statements: readonly object[], more: Partial<RoleGrants> = {}): RoleGrants => ({
  statements: statements as RoleGrants["statements"],
  managed: [],
  unreadable: [],
  ...more,
});

const MANAGED = "arn:aws:iam::aws:policy/";

describe("D4 who may write to the namespace Shop", () => {
  test.each<[string, RoleGrants, string]>([
    ["a grant without condition", role([put()]), "yes"],
    ["any action of CloudWatch", role([put({ Action: ["cloudwatch:*"] })]), "yes"],
    ["actions in other case", role([put({ Action: "CloudWatch:putmetricdata" })]), "yes"],
    ["another action", role([put({ Action: "cloudwatch:GetMetricData" })]), "no"],
    ["no statement", role([]), "no"],
    ["exactly it", role([put(when("StringEquals", "Shop"))]), "yes"],
    ["a list with it", role([put(when("StringEquals", ["Other", "Shop"]))]), "yes"],
    ["its parent", role([put(when("StringEquals", "Sho"))]), "no"],
    ["a child", role([put(when("StringEquals", "Shop/Orders"))]), "no"],
    ["other case", role([put(when("StringEquals", "shop"))]), "no"],
    ["other case, ignored", role([put(when("StringEqualsIgnoreCase", "shop"))]), "yes"],
    ["a wildcard where none counts", role([put(when("StringEquals", "Sh*"))]), "no"],
    ["a wildcard", role([put(when("StringLike", "Sh*"))]), "yes"],
    ["any value like it", role([put(when("ForAnyValue:StringLike", ["S?op"]))]), "yes"],
    ["all but it", role([put(when("StringNotEquals", "Shop"))]), "no"],
    ["all but another", role([put(when("StringNotEquals", "Other"))]), "yes"],
    [
      "a condition on something else",
      role([put({ Condition: { Bool: { "aws:SecureTransport": "true" } } })]),
      "unknown",
    ],
    ["an operator nobody knows", role([put(when("StringOdd", "Shop"))]), "unknown"],
    ["a namespace known after apply", role([put(when("StringEquals", "${aws_x_y.z.name}"))]), "unknown"],
    ["everything but some actions", role([{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }]), "unknown"],
    ["a grant that is denied", role([put(), put({ Effect: "Deny" })]), "no"],
    [
      "a denial of all others",
      role([put(), put({ Effect: "Deny", ...when("StringNotEquals", "Shop") })]),
      "yes",
    ],
    ["a policy that cannot be read", role([], { unreadable: ["aws_iam_role_policy.x"] }), "unknown"],
    ["the agent's policy", role([], { managed: [`${MANAGED}CloudWatchAgentServerPolicy`] }), "yes"],
    ["the basic policy", role([], { managed: [`${MANAGED}service-role/AWSLambdaBasicExecutionRole`] }), "no"],
    ["another managed policy", role([], { managed: [`${MANAGED}job-function/DataScientist`] }), "unknown"],
  ])("%s", (_, grants, expected) => {
    expect(mayWrite(grants, "Shop")).toBe(expected);
  });

  test("the namespaces of conditions are told in the policy's own spelling", () => {
    const grants = role([
      put(when("StringLike", ["b*", "a"])),
      put({ ...when("StringEquals", "c"), Effect: "Deny" }),
    ]);
    expect(namedNamespaces(grants)).toEqual(["a", "b*"]);
    expect(namedNamespaces(role([put()]))).toEqual(["*"]);
  });
});
