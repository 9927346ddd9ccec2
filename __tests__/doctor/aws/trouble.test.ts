import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import { clientOptions } from "../../../doctor/aws/client-options";
import { awsFault, troubleOf } from "../../../doctor/aws/trouble";
import { InputError } from "../../../instruments/terraform-file";
import type { Answer } from "../../../lab/runtime/loopback-server";
import { httpStub } from "../../support/http-stub";

const KEYS = { accessKeyId: "lab", secretAccessKey: "lab" };
const TEN_MINUTES = 600_000;

/** What the work throws. */
async function thrown(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("found an answer; expected an error");
}

/** What X-Ray's client throws at an answer over real HTTP. */
async function xrayError(answer: Answer, requestTimeout = 4000): Promise<unknown> {
  const stub = await httpStub(answer);
  const options = clientOptions("eu-west-1");
  const client = new XRayClient({
    ...options,
    requestHandler: { ...options.requestHandler, requestTimeout },
    endpoint: `http://${stub.host}`,
    credentials: KEYS,
    maxAttempts: 1,
  });
  const now = new Date();
  const command = new GetTraceSummariesCommand({ StartTime: now, EndTime: now });
  try {
    return await thrown(() => client.send(command));
  } finally {
    client.destroy();
    await stub.stop();
  }
}

const json =
  (status: number, code: string, message = "", headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": code, ...headers });
    response.end(JSON.stringify({ message }));
  };

const asked = { action: "xray:GetTraceSummaries", region: "eu-west-1" };

test.each([
  [
    "an expired token",
    403,
    "ExpiredTokenException",
    "The security token has expired",
    "expired",
    "aws sso login",
  ],
  [
    "unknown keys",
    403,
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
    "rejected-credentials",
    "compare access key",
  ],
  [
    "a role that may nothing",
    403,
    "AccessDeniedException",
    "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: xray:GetTraceSummaries",
    "denied",
    "allow xray:GetTraceSummaries",
  ],
  ["a throttled call", 429, "ThrottledException", "Rate exceeded", "throttled", "wait a minute"],
  ["a bad request", 400, "InvalidRequestException", "Invalid filter", "refused", "correct what AWS names"],
  ["a fault of AWS", 500, "InternalFailure", "", "aws-fault", "health.aws.amazon.com"],
  ["a signature from another time", 403, "InvalidSignatureException", "Signature expired: x", "clock", "NTP"],
  ["something without words", 418, "", "", "refused", "correct"],
])("DOC-3 %s is told apart and mended", async (_title, status, code, message, kind, nextStep) => {
  const trouble = troubleOf(await xrayError(json(status, code, message)), asked);
  expect(trouble).toMatchObject({ kind, nextStep: expect.stringContaining(nextStep) });
  expect(trouble.found).toContain(code);
});

test("DOC-3 a clock ten minutes off is told from the header Date, under whatever name AWS refuses", async () => {
  const late = new Date(Date.now() - TEN_MINUTES).toUTCString();
  for (const code of ["InvalidSignatureException", "AccessDeniedException"]) {
    const trouble = troubleOf(await xrayError(json(403, code, "", { date: late })), asked);
    expect(trouble).toMatchObject({ kind: "clock", found: expect.stringContaining("10 min ahead") });
  }
  const future = new Date(Date.now() + TEN_MINUTES).toUTCString();
  const behind = troubleOf(await xrayError(json(403, "AuthFailure", "", { date: future })), asked);
  expect(behind.found).toContain("10 min behind");
});

test("DOC-3 a refusal with the right time is no matter of the clock", async () => {
  expect(troubleOf(await xrayError(json(403, "AccessDeniedException")), asked).kind).toBe("denied");
});

test("DOC-3 an endpoint that is not there, and one that never answers", async () => {
  const gone = await httpStub(() => undefined);
  await gone.stop();
  const client = new STSClient({
    ...clientOptions("eu-west-1"),
    endpoint: `http://${gone.host}`,
    credentials: KEYS,
  });
  const refused = troubleOf(await thrown(() => client.send(new GetCallerIdentityCommand({}))), asked);
  expect(refused).toMatchObject({ kind: "unreachable", found: expect.stringContaining("ECONNREFUSED") });
  expect(refused.nextStep).toContain("AWS_ENDPOINT_URL");
  const nowhere = new STSClient({ ...clientOptions("eu-west-9"), credentials: KEYS, maxAttempts: 1 });
  const unknown = troubleOf(await thrown(() => nowhere.send(new GetCallerIdentityCommand({}))), {
    action: "sts:GetCallerIdentity",
    region: "eu-west-9",
  });
  expect(unknown).toMatchObject({ kind: "unreachable", nextStep: expect.stringContaining("eu-west-9") });
  const aborted = await xrayError((_, response) => void response.socket?.destroy());
  expect(troubleOf(aborted, asked).kind).toBe("unreachable");
  const mute = await xrayError(() => undefined, 150);
  expect(troubleOf(mute, asked)).toMatchObject({ kind: "late", nextStep: expect.stringContaining("proxy") });
});

test("DOC-3 no region and no credentials", async () => {
  const quiet = {
    credentials: async () =>
      Promise.reject(named("CredentialsProviderError", "Could not load credentials from any providers")),
  };
  const without = new STSClient({ ...clientOptions("eu-west-1"), ...quiet });
  const identity = { action: "sts:GetCallerIdentity" };
  expect(
    troubleOf(await thrown(() => without.send(new GetCallerIdentityCommand({}))), identity),
  ).toMatchObject({
    kind: "no-credentials",
    nextStep: expect.stringContaining("AWS_PROFILE"),
  });
  expect(troubleOf(new Error("Region is missing"), identity)).toMatchObject({
    kind: "no-region",
    nextStep: "give --region, or set AWS_REGION",
  });
  const sso = named("CredentialsProviderError", "The SSO session associated with this profile has expired");
  expect(troubleOf(sso, identity).kind).toBe("expired");
});

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

test("DOC-3 something that is not there is named with the region that was asked", async () => {
  const stub = await httpStub(json(404, "ResourceNotFoundException", "Function not found"));
  const client = new LambdaClient({
    ...clientOptions("eu-west-1"),
    endpoint: `http://${stub.host}`,
    credentials: KEYS,
  });
  const error = await thrown(() =>
    client.send(new GetFunctionConfigurationCommand({ FunctionName: "none" })),
  );
  await stub.stop();
  const fault = awsFault(error, {
    action: "lambda:GetFunctionConfiguration",
    subject: "--function none",
    region: "eu-west-1",
  });
  expect(fault).toBeInstanceOf(InputError);
  expect(fault.message).toContain("--function none: found ResourceNotFoundException");
  expect(fault.message).toContain("expected --function none in eu-west-1");
  expect(fault.message).toContain("Next step: check the name, the region (--region)");
});

test("DOC-6 a bucket of another account, and one of another region", async () => {
  const answers: Answer[] = [
    (_, response) => void response.writeHead(403).end(),
    (_, response) =>
      void response
        .writeHead(301, { "x-amz-bucket-region": "eu-central-1" })
        .end("<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>"),
  ];
  const stub = await httpStub((request, response) => answers.shift()?.(request, response));
  const client = new S3Client({
    ...clientOptions("eu-west-1"),
    endpoint: `http://${stub.host}`,
    credentials: KEYS,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const put = () => client.send(new PutObjectCommand({ Bucket: "theirs", Key: "k", Body: "b" }));
  const asked = { action: "s3:PutObject", subject: "--bucket theirs", owner: "123456789012" };
  const theirs = awsFault(await thrown(put), asked).message;
  expect(theirs).toContain("a bucket of account 123456789012");
  expect(troubleOf(await thrown(put), asked)).toMatchObject({
    kind: "other-region",
    nextStep: "give --region eu-central-1",
  });
  await stub.stop();
});

test.each([
  ["nothing", undefined],
  ["a text", "broken"],
  [
    "an object with strange parts",
    { name: 3, message: null, $metadata: "x", $response: { headers: { a: 1 } } },
  ],
  ["an error in an error", Object.assign(new AggregateError([named("E", "connect ECONNREFUSED")], ""), {})],
])("DOC-3 %s that was thrown is still told", (_title, error) => {
  const { found, nextStep } = troubleOf(error, asked);
  expect(found.length).toBeGreaterThan(0);
  expect(nextStep.length).toBeGreaterThan(0);
});

test("DOC-3 what AWS says at length is cut", () => {
  expect(troubleOf(named("ValidationException", "x\n".repeat(5000)), asked).found.length).toBeLessThan(400);
});
