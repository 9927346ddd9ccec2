import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chain } from "../../../doctor/probes/chain";
import { inbound } from "../../../doctor/probes/inbound";
import { wrappedClients } from "../../../doctor/probes/wrapped-clients";
import { lookOnce, settings, told } from "./looking";
import { REQUEST, segment, TRACE } from "./trace-documents";

const directory = mkdtempSync(join(tmpdir(), "tracewright-traces-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const DYNAMO = segment("DynamoDB", "b", { namespace: "aws", aws: { operation: "GetItem" } });
/** A recording as `aws xray batch-get-traces` prints it. */
function recording(...documents: readonly { readonly id: string }[]): { readonly trace: string } {
  const Segments = documents.map((document) => ({ Id: document.id, Document: JSON.stringify(document) }));
  const file = join(directory, "traces.json");
  writeFileSync(file, JSON.stringify({ Traces: [{ Id: TRACE, Duration: 1, Segments }] }));
  return { trace: file };
}

describe("DOC-3 E2 a trace", () => {
  test("with its request, its AWS calls and all its parts passes", async () => {
    const whole = recording(segment("orders", "a", { ...REQUEST, subsegments: [DYNAMO] }));
    expect(await lookOnce(inbound, whole)).toMatchObject({ verdict: "pass" });
    expect(await lookOnce(wrappedClients, whole)).toMatchObject({ verdict: "pass", found: "DynamoDB" });
    expect(await lookOnce(chain, whole)).toMatchObject({ verdict: "pass", found: "1 whole" });
  });

  test("with outbound calls under a segment that tells of no request: the Backstage case", async () => {
    expect(
      await lookOnce(inbound, recording(segment("backstage", "a", { subsegments: [DYNAMO] }))),
    ).toMatchObject(told("warn", "backstage, which tell of no request", "runAndReturn"));
  });

  test("with AWS called over plain HTTP", async () => {
    const bare = segment("dynamodb.eu-west-1.amazonaws.com", "b", { namespace: "remote" });
    expect(
      await lookOnce(wrappedClients, recording(segment("orders", "a", { subsegments: [bare] }))),
    ).toMatchObject(told("fail", "plain HTTP to dynamodb.eu-west-1.amazonaws.com", "captureAWSv3Client"));
    expect(await lookOnce(wrappedClients, recording(segment("orders", "a")))).toMatchObject(
      told("undecided", "no AWS call", "leaves nothing at all"),
    );
  });

  test("with parts that lost their segment, or a segment that lost its caller", async () => {
    const part = segment("query", "c", { type: "subsegment", parent_id: "00000000000000ff" });
    expect(await lookOnce(chain, recording(segment("orders", "a"), part))).toMatchObject(
      told("fail", "query", "close every segment"),
    );
    const called = segment("orders", "a", { parent_id: "00000000000000ff" });
    expect(await lookOnce(chain, recording(called))).toMatchObject(
      told("warn", "orders", "trace the caller too"),
    );
  });

  test("that is not there, or a file of something else", async () => {
    expect(await lookOnce(chain, { trace: join(directory, "none") })).toMatchObject(
      told("undecided", "no such file", "batch-get-traces"),
    );
    expect(chain.missing(settings())).toContain("--trace");
  });
});
