import { createSocket } from "node:dgram";
import { readDaemonAddress } from "../../../doctor/probes/daemon-address";
import { daemonNamed } from "../../../doctor/probes/daemon-named";
import { daemonTcp } from "../../../doctor/probes/daemon-tcp";
import { daemonUdp } from "../../../doctor/probes/daemon-udp";
import type { Answer } from "../../../lab/runtime/loopback-server";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { httpStub } from "../../support/http-stub";
import { lookOnce, settings, told } from "./looking";

const LOCAL = { host: "127.0.0.1", port: 2000 };

test.each([
  ["127.0.0.1:2000", { udp: LOCAL, tcp: LOCAL }],
  ["xray:2000", { udp: { host: "xray", port: 2000 }, tcp: { host: "xray", port: 2000 } }],
  ["tcp:127.0.0.1:2001 udp:127.0.0.1:2000", { udp: LOCAL, tcp: { host: "127.0.0.1", port: 2001 } }],
  ["udp:127.0.0.1:2000 tcp:10.0.0.1:2000", { udp: LOCAL, tcp: { host: "10.0.0.1", port: 2000 } }],
])("DOC-3 the address %s is read", (text, expected) => {
  expect(readDaemonAddress(text)).toEqual(expected);
});

test.each([
  ["", "no host:port"],
  ["127.0.0.1", "no host:port"],
  [":2000", "no host:port"],
  ["127.0.0.1:", "no host:port"],
  ["127.0.0.1:99999", "port 99999"],
  ["127.0.0.1:0", "port 0"],
  ["udp:127.0.0.1:2000", "alone"],
  ["udp:127.0.0.1:2000  tcp:127.0.0.1:2000", "more than one blank"],
  ["udp:127.0.0.1:2000 udp:127.0.0.1:2001", "not udp: and tcp:"],
  ["127.0.0.1:2000 127.0.0.1:2001", "not udp: and tcp:"],
  ["udp:127.0.0.1 tcp:127.0.0.1:2000", "no host:port"],
  ["http://127.0.0.1:2000", "no host:port"],
])("DOC-3 the address %p is refused", (text, problem) => {
  expect(readDaemonAddress(text)).toEqual({ problem: expect.stringContaining(problem) });
});

/** What the X-Ray SDK itself makes of an address, in a module of its own. */
function sdkReads(text: string): unknown {
  let read: Record<string, unknown> = {};
  jest.isolateModules(() => {
    process.env["AWS_XRAY_DAEMON_ADDRESS"] = text;
    try {
      read = { ...(require("aws-xray-sdk-core/dist/lib/daemon_config") as Record<string, unknown>) };
    } finally {
      delete process.env["AWS_XRAY_DAEMON_ADDRESS"];
    }
  });
  return {
    udp: { host: read["udp_ip"], port: Number(read["udp_port"]) },
    tcp: { host: read["tcp_ip"], port: Number(read["tcp_port"]) },
  };
}

test.each(["127.0.0.1:2000", "tcp:127.0.0.1:2001 udp:10.1.2.3:2000", "udp:127.0.0.1:2000 tcp:xray:2000"])(
  "DOC-3 the address %s means the same to the X-Ray SDK",
  (text) => {
    expect(readDaemonAddress(text)).toEqual(sdkReads(text));
  },
);

test("DOC-3 the address is told, or what is wrong with it", async () => {
  const good = await lookOnce(daemonNamed, { daemon: "tcp:127.0.0.1:2001 udp:127.0.0.1:2000" });
  expect(good).toMatchObject({
    verdict: "pass",
    found: "segments to 127.0.0.1:2000, sampling from 127.0.0.1:2001",
  });
  expect(await lookOnce(daemonNamed, { daemon: "localhost" })).toMatchObject(
    told("fail", "no host:port", "AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000"),
  );
  for (const probe of [daemonUdp, daemonTcp]) {
    expect(await lookOnce(probe, { daemon: "localhost" })).toMatchObject(
      told("undecided", "no host:port", "Daemon address"),
    );
    expect(probe.missing(settings())).toContain("AWS_XRAY_DAEMON_ADDRESS");
  }
});

describe("DOC-3 UDP", () => {
  test("a daemon that listens is not troubled and not refused", async () => {
    const daemon = await XRayDaemon.start();
    expect(await lookOnce(daemonUdp, { daemon: daemon.address })).toMatchObject({ verdict: "pass" });
    expect(await daemon.settled()).toEqual([]);
    await daemon.stop();
  });

  test("a port that nobody listens on is refused", async () => {
    const daemon = await XRayDaemon.start();
    const { address } = daemon;
    await daemon.stop();
    expect(await lookOnce(daemonUdp, { daemon: address })).toMatchObject(
      told("fail", "ECONNREFUSED", "start the daemon"),
    );
  });

  test("a host that does not exist is named", async () => {
    expect(await lookOnce(daemonUdp, { daemon: "no-such-host.invalid:2000" })).toMatchObject(
      told("fail", "E", "correct the host's name"),
    );
  });

  test("a socket of another kind is told from a daemon by TCP alone", async () => {
    const other = createSocket("udp4");
    await new Promise<void>((resolve) => other.bind(0, "127.0.0.1", resolve));
    const daemon = `127.0.0.1:${other.address().port}`;
    expect(await lookOnce(daemonUdp, { daemon })).toMatchObject({ verdict: "pass" });
    expect(await lookOnce(daemonTcp, { daemon })).toMatchObject(told("fail", "ECONNREFUSED", "--bind-tcp"));
    await new Promise<void>((resolve) => other.close(() => resolve()));
  });
});

const answer =
  (status: number, body: string): Answer =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body);

describe("DOC-3 TCP", () => {
  test.each([
    ["rules", 200, '{"SamplingRuleRecords":[],"NextToken":null}', "pass", "sampling rules", undefined],
    [
      "a role that may not",
      403,
      '{"message":"User: x is not authorized to perform: xray:GetSamplingRules"}',
      "fail",
      "status 403: User: x",
      "allow xray:GetSamplingRules",
    ],
    [
      "a clock that is off",
      403,
      '{"message":"Signature expired: 20261121T100000Z is now earlier than 20261121T100500Z"}',
      "fail",
      "Signature expired",
      "clock of the daemon's host",
    ],
    ["a page of something else", 200, "<html>hello</html>", "fail", "something else", "another program"],
    ["another API", 404, '{"message":"no route"}', "fail", "something else", "another program"],
  ])("the proxy answers with %s", async (_title, status, body, verdict, found, fix) => {
    const stub = await httpStub(answer(status, body));
    const finding = await lookOnce(daemonTcp, { daemon: stub.host });
    await stub.stop();
    expect(finding).toMatchObject({ verdict, found: expect.stringContaining(found) });
    if (fix !== undefined) expect(finding).toMatchObject({ fix: expect.stringContaining(fix) });
  });

  test("rules are asked for as SDKs do", async () => {
    let asked = "";
    const stub = await httpStub((request, response) => {
      asked = `${request.method} ${request.url}`;
      response.writeHead(200).end('{"SamplingRuleRecords":[]}');
    });
    await lookOnce(daemonTcp, { daemon: `udp:127.0.0.1:2000 tcp:${stub.host}` });
    await stub.stop();
    expect(asked).toBe("POST /GetSamplingRules");
  });
});
