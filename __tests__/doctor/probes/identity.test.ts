import { clock } from "../../../doctor/probes/clock";
import { credentials } from "../../../doctor/probes/credentials";
import { region } from "../../../doctor/probes/region";
import { surroundingsOf } from "../../../doctor/probes/surroundings";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { lookOnce, settings, told } from "./looking";

const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  "<Arn>arn:aws:sts::123456789012:assumed-role/operator/me</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

const AT = { region: "eu-west-1" };
const KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

let sts: AwsGateway;

beforeAll(async () => {
  sts = await AwsGateway.start("http://127.0.0.1:9");
});
afterAll(() => sts.stop());
beforeEach(() => {
  sts.reset();
  sts.answerWith(({ service }) => (service === "sts" ? IDENTITY : undefined));
  for (const key of KEYS) process.env[key] = "lab";
  process.env["AWS_ENDPOINT_URL"] = sts.url;
  process.env["AWS_EC2_METADATA_DISABLED"] = "true";
  process.env["AWS_CONFIG_FILE"] = "/none";
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = "/none";
});

const refuse = (code: string, message = "", status = 403) => sts.failWhen(() => ({ status, code, message }));

describe("DOC-3 E2 credentials", () => {
  test("that are valid tell who we are", async () => {
    expect(await lookOnce(credentials, AT)).toMatchObject({
      verdict: "pass",
      found: "arn:aws:sts::123456789012:assumed-role/operator/me",
    });
  });

  test("that are missing", async () => {
    for (const key of KEYS) delete process.env[key];
    expect(await lookOnce(credentials, AT)).toMatchObject(
      told("fail", "Could not load credentials", "aws sso login"),
    );
  });

  test.each([
    ["expired", "ExpiredToken", "The security token included in the request is expired", "get new ones"],
    [
      "unknown",
      "InvalidClientTokenId",
      "The security token included in the request is invalid",
      "compare access key",
    ],
    ["refused by a policy", "AccessDenied", "explicit deny", "allow sts:GetCallerIdentity"],
    ["signed at another time", "SignatureDoesNotMatch", "Signature expired: 20261121", "NTP"],
  ])("that are %s", async (_how, code, message, fix) => {
    refuse(code, message);
    expect(await lookOnce(credentials, AT)).toMatchObject(told("fail", code, fix));
  });

  test("throttling and a region that does not exist", async () => {
    refuse("Throttling", "Rate exceeded", 400);
    expect(await lookOnce(credentials, AT)).toMatchObject(told("fail", "Throttling", "wait a minute"));
    delete process.env["AWS_ENDPOINT_URL"];
    expect(await lookOnce(credentials, { region: "eu-west-9" })).toMatchObject(
      told("fail", "sts.eu-west-9.amazonaws.com", "check that eu-west-9 exists"),
    );
  });
});

describe("DOC-3 E2 the clock", () => {
  const MINUTE = 60_000;

  test("agrees", async () => {
    expect(await lookOnce(clock, AT)).toMatchObject({ verdict: "pass" });
  });

  test.each([
    [10, "10 min ahead", "fail"],
    [-10, "10 min behind", "fail"],
    [2, "2 min ahead", "warn"],
  ] as const)("is %d minutes off, which the SDK would mend in silence", async (minutes, found, verdict) => {
    const now = () => Date.now() + minutes * MINUTE;
    const { identity } = surroundingsOf(settings(AT), {}, now);
    expect(await lookOnce(clock, AT, { identity })).toMatchObject(told(verdict, found, "NTP"));
  });

  test("is told even when the answer is a refusal", async () => {
    refuse("ExpiredToken");
    expect(await lookOnce(clock, AT)).toMatchObject({ verdict: "pass" });
  });

  test("cannot be told without an answer", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9";
    expect(await lookOnce(clock, AT)).toMatchObject(told("undecided", "no answer", "AWS credentials"));
  });
});

describe("DOC-3 E2 the region", () => {
  test("is there", async () => {
    expect(await lookOnce(region, AT)).toMatchObject({ verdict: "pass", found: "eu-west-1" });
  });

  test("is missing", async () => {
    expect(await lookOnce(region)).toMatchObject(told("fail", "no region", "AWS_REGION"));
    expect(await lookOnce(credentials)).toMatchObject(told("undecided", "Region is missing", "--region"));
  });

  test.each(["eu-west-1a", "Ireland", "europe"])("is none: %s", async (name) => {
    expect(await lookOnce(region, { region: name })).toMatchObject(told("fail", name, "such as eu-west-1"));
  });

  test("is another than that of what is asked about", async () => {
    const topics = ["arn:aws:sns:us-east-1:123456789012:news"];
    expect(await lookOnce(region, { ...AT, topics })).toMatchObject(
      told("fail", "eu-west-1, but arn:aws:sns:us-east-1", "--region us-east-1"),
    );
  });

  test("is named by a variable the JavaScript SDK does not read", async () => {
    const variables = { AWS_DEFAULT_REGION: "us-east-1" };
    expect(await lookOnce(region, AT, { variables })).toMatchObject(
      told("warn", "AWS_DEFAULT_REGION says us-east-1", "set AWS_REGION too"),
    );
  });
});
