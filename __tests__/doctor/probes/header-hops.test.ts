import { request as forward } from "node:http";
import { headerHops } from "../../../doctor/probes/header-hops";
import type { Answer } from "../../../lab/runtime/loopback-server";
import { RestGateway } from "../../../lab/runtime/rest-gateway";
import { httpStub } from "../../support/http-stub";
import { look, settings, told } from "./looking";

const HEADER = "x-amzn-trace-id";

/** Passes requests on, with the headers it is told to take. */
const proxy =
  (target: string, keeps: boolean): Answer =>
  (incoming, outgoing) => {
    const { [HEADER]: trace, ...others } = incoming.headers;
    const headers = keeps ? incoming.headers : others;
    const onward = forward(`${target}${incoming.url}`, { headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.end();
  };

describe("DOC-3 E2 the trace header, hop by hop", () => {
  let gateway: RestGateway;
  const stubs: { stop(): Promise<void> }[] = [];

  const stand = async (answer: Answer) => {
    const stub = await httpStub(answer);
    stubs.push(stub);
    return `http://${stub.host}`;
  };
  const urls = (...addresses: readonly string[]) => ({ urls: addresses.map((one) => new URL(one)) });

  beforeAll(async () => {
    gateway = await RestGateway.start({
      invoke: async () => ({ requestId: "1", result: { statusCode: 200, body: "" }, lines: [] }),
    });
  });
  afterEach(async () => {
    await Promise.all(stubs.splice(0).map((stub) => stub.stop()));
  });
  afterAll(() => gateway.stop());

  test("every hop that forwards it passes, and nothing is recorded for it", async () => {
    const origin = new URL(gateway.url).origin;
    const outer = await stand(proxy(origin, true));
    const stage = new URL(gateway.url).pathname;
    gateway.reset();
    const findings = await look(headerHops, urls(`${outer}${stage}/health`, `${gateway.url}/health`));
    expect(findings).toMatchObject([{ verdict: "pass" }, { verdict: "pass" }]);
    expect(gateway.records.map(({ trace }) => trace.sampled)).toEqual([false, false]);
  });

  test("the hop that drops it is blamed when the next one in keeps it", async () => {
    const outer = await stand(proxy(new URL(gateway.url).origin, false));
    const stage = new URL(gateway.url).pathname;
    const [first, second] = await look(
      headerHops,
      urls(`${outer}${stage}/health?token=s3cret`, `${gateway.url}/health`),
    );
    expect(first).toMatchObject(told("fail", "another root, 1-", `${gateway.url}/health keeps it`));
    expect(first).toMatchObject({ fix: expect.stringContaining("forward X-Amzn-Trace-Id") });
    expect(second).toMatchObject({ verdict: "pass" });
    expect(JSON.stringify(first)).not.toContain("s3cret");
  });

  test("a single hop that replaces it fails without a culprit further in", async () => {
    const lone = await stand(
      (_, response) =>
        void response.writeHead(200, { [HEADER]: "Root=1-00000000-000000000000000000000000" }).end(),
    );
    expect(await look(headerHops, urls(lone))).toMatchObject([
      told("fail", "another root", "origin request policy"),
    ]);
  });

  test("a hop that tells nothing is undecided, unless the next one in proves that it lost it", async () => {
    const mute = await stand((_, response) => void response.writeHead(204).end());
    expect(await look(headerHops, urls(mute))).toMatchObject([
      told("undecided", "no x-amzn-trace-id", "Function URLs"),
    ]);
    expect((await look(headerHops, urls(mute, `${gateway.url}/health`)))[0]).toMatchObject(
      told("fail", "no x-amzn-trace-id", "keeps it"),
    );
  });

  test("name and password of an address are sent as authorization and not shown", async () => {
    const asked: (string | undefined)[] = [];
    const guarded = await stand((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(200, { [HEADER]: request.headers[HEADER] }).end();
    });
    const [finding] = await look(headerHops, urls(guarded.replace("//", "//user:s3cret@")));
    expect(asked).toEqual([`Basic ${Buffer.from("user:s3cret").toString("base64")}`]);
    expect(finding).toMatchObject({ verdict: "pass", about: `${guarded}/` });
    expect(JSON.stringify(finding)).not.toContain("s3cret");
  });

  test("an address that does not answer, and none at all", async () => {
    const gone = await httpStub(() => undefined);
    await gone.stop();
    expect(await look(headerHops, urls(`http://${gone.host}/`))).toMatchObject([
      told("undecided", "ECONNREFUSED", "answers from here"),
    ]);
    expect(headerHops.missing(settings())).toContain("--url");
  });
});
