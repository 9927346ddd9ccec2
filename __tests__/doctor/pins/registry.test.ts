import { isLoopback } from "../../../doctor/pins/lookup";
import { imageDigest, manifestAddress } from "../../../doctor/pins/registry";
import type { Answer } from "../../../lab/runtime/loopback-server";
import { httpStub } from "../../support/http-stub";
import { deadHost } from "../../support/image-registry";

const DIGEST = `sha256:${"a".repeat(64)}`;

async function asked(answer: (host: () => string) => Answer, reference = "22") {
  let host = "";
  const stub = await httpStub(answer(() => host));
  host = stub.host;
  try {
    return await imageDigest(`${host}/lambda/nodejs`, reference);
  } finally {
    await stub.stop();
  }
}

const challenge = (text: string) => () => {
  const answer: Answer = (_request, response) => {
    response.writeHead(401, { "WWW-Authenticate": text }).end();
  };
  return answer;
};

describe("asking a registry", () => {
  test("is a HEAD that accepts all four forms of a manifest", async () => {
    const seen: (string | undefined)[] = [];
    const found = await asked(() => ({ method, url, headers }, response) => {
      seen.push(method, url, ...(headers.accept ?? "").split(", ").sort());
      response.writeHead(200, { "Docker-Content-Digest": DIGEST }).end();
    });
    expect(found).toEqual({ state: "found", digest: DIGEST });
    expect(seen).toEqual([
      "HEAD",
      "/v2/lambda/nodejs/manifests/22",
      "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.oci.image.manifest.v1+json",
    ]);
  });

  test.each(["token", "access_token"])("gets the anonymous token it is sent for: %s", async (key) => {
    const scopes: (string | null)[] = [];
    const found = await asked((host) => ({ url, headers }, response) => {
      if (url?.startsWith("/token")) {
        const { searchParams } = new URL(url, "http://stub");
        scopes.push(searchParams.get("service"), searchParams.get("scope"));
        response.end(JSON.stringify({ [key]: "anybody" }));
      } else if (headers.authorization === "Bearer anybody") {
        response.writeHead(200, { "Docker-Content-Digest": DIGEST }).end();
      } else {
        const demand = `Bearer realm="http://${host()}/token",service="stub",scope="repository:lambda/nodejs:pull"`;
        response.writeHead(401, { "WWW-Authenticate": demand }).end();
      }
    });
    expect(found).toEqual({ state: "found", digest: DIGEST });
    expect(scopes).toEqual(["stub", "repository:lambda/nodejs:pull"]);
  });

  test.each([
    [
      "a token over plain HTTP from elsewhere",
      'Bearer realm="http://registry.example.com/token"',
      /which is not https/,
    ],
    ["a password", 'Basic realm="private"', /asks for Basic realm="private", not for a bearer token/],
    ["a realm that is no address", 'Bearer realm="there"', /not for a bearer token/],
  ])("gives up when it is asked for %s", async (_title, text, why) => {
    expect(await asked(challenge(text))).toEqual({ state: "unreachable", why: expect.stringMatching(why) });
  });

  test.each<[string, number, Record<string, string>, string, RegExp]>([
    ["404", 404, {}, "absent", /has no .*lambda\/nodejs, 22/],
    ["429", 429, {}, "unreachable", /answered 429 .*try again/],
    ["a redirect", 307, { Location: "http://example.com/" }, "unreachable", /answered 307/],
    ["no digest", 200, {}, "unreachable", /gave no digest/],
    [
      "another digest than SHA-256",
      200,
      { "Docker-Content-Digest": "sha512:ab" },
      "unreachable",
      /gave sha512:ab/,
    ],
  ])("says what an answer means: %s", async (_title, status, headers, state, why) => {
    const answer: Answer = (_request, response) => void response.writeHead(status, headers).end();
    expect(await asked(() => answer)).toEqual({ state, why: expect.stringMatching(why) });
  });

  test("nobody there: names the host, the reason and what to do", async () => {
    const host = await deadHost();
    expect(await imageDigest(`${host}/a`, "1")).toEqual({
      state: "unreachable",
      why: `${host} did not answer (ECONNREFUSED); run this where ${host} can be reached`,
    });
  });

  test("a host that never answers is given up after ten seconds", async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const waits: number[] = [];
    const spy = jest.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      waits.push(ms);
      return timeout(50);
    });
    try {
      const answer = await asked(() => () => undefined);
      expect(answer).toEqual({
        state: "unreachable",
        why: expect.stringContaining("did not answer (timeout)"),
      });
      expect(waits).toEqual([10_000]);
    } finally {
      spy.mockRestore();
    }
  });

  test("plain HTTP is for this machine only", () => {
    for (const host of ["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000"])
      expect([host, isLoopback(host)]).toEqual([host, true]);
    for (const host of [
      "localhost.example.com",
      "127.0.0.1.example.com",
      "128.0.0.1",
      "10.0.0.1:5000",
      "example.com",
    ])
      expect([host, isLoopback(host)]).toEqual([host, false]);
    expect(manifestAddress("10.0.0.1:5000/a/b", "1").href).toBe("https://10.0.0.1:5000/v2/a/b/manifests/1");
    expect(manifestAddress("docker.io/library/a", "1").host).toBe("registry-1.docker.io");
  });
});
