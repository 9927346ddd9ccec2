import { type Answer, LoopbackServer } from "../../lab/runtime/loopback-server";

/** A server on loopback for one test. */
export async function httpStub(answer: Answer): Promise<{ readonly host: string; stop(): Promise<void> }> {
  const server = new LoopbackServer(answer);
  await server.listen();
  return { host: `127.0.0.1:${server.port}`, stop: () => server.stop() };
}
