// Serves a streaming function over HTTP: node stream-process.mjs MODULE. Sends its port to the process that forked it.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const traceHeaders = new AsyncLocalStorage();

globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: {
    from: (response, { statusCode, headers }) => response.writeHead(statusCode, headers),
  },
  InvokeStore: { getXRayTraceId: () => traceHeaders.getStore() },
};

const { handler } = await import(process.argv[2]);

async function serve(incoming, outgoing) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { event, traceHeader, remainingMs } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const deadline = Date.now() + remainingMs;
  const context = {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  await traceHeaders.run(traceHeader, () => handler(event, outgoing, context));
}

const server = createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch((error) => {
    process.stderr.write(`handler failed: ${error.stack}\n`);
    outgoing.destroy();
  });
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

// Whatever becomes of the parent, no function is left behind.
process.on("disconnect", () => process.exit());
