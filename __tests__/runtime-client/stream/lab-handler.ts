import { Writable } from "node:stream";
import { handler as real } from "../../../functions/streaming/handler";
import { vitals } from "../probe/vitals";

/** What tests ask for beside the Function URL's own event. */
export interface LabOrder {
  /** Answer with what the process holds on to, instead of calling the function. */
  readonly vitals?: boolean;
  /** How the connection to the client fails, after so many writes. */
  readonly breaks?: {
    readonly after: number;
    /**
     * `close` closes without an error, `throw` throws from `write`, `stall` takes no more and stays, anything else is
     * the code of an error event.
     */
    readonly how: "close" | "stall" | "throw" | "EPIPE" | "ECONNRESET" | "ERR_STREAM_DESTROYED";
  };
}

interface LabEvent {
  readonly lab?: LabOrder;
}

type Handler = (event: LabEvent, response: Writable, context: unknown) => Promise<void>;

/** The runtime's global, which takes its place in the function's sight while a client is to fail. */
interface Runtime {
  streamifyResponse(handler: Handler): unknown;
  HttpResponseStream: { from(response: Writable, prelude: unknown): Writable };
}

const runtime = (globalThis as unknown as { readonly awslambda: Runtime }).awslambda;
const { from } = runtime.HttpResponseStream;
const broken = new WeakMap<Writable, NonNullable<LabOrder["breaks"]>>();

/** A response to a client that takes some writes and then fails; what it took goes to `sink`. */
function breaking(sink: Writable, { after, how }: NonNullable<LabOrder["breaks"]>): Writable {
  let writes = 0;
  const stalled = new Set<() => void>();
  const failing = new Writable({
    write(chunk, _encoding, done) {
      writes += 1;
      if (writes <= after) {
        sink.write(chunk);
        done();
      } else if (how === "stall") {
        stalled.add(done);
      } else if (how === "close") {
        failing.destroy();
        done();
      } else {
        done(Object.assign(new Error(`write ${how}`), { code: how }));
      }
    },
  });
  if (how !== "throw") return failing;
  const write = failing.write.bind(failing) as (chunk: unknown) => boolean;
  failing.write = ((chunk: unknown) => {
    if (writes >= after) throw new Error("write after the end");
    return write(chunk);
  }) as Writable["write"];
  return failing;
}

runtime.HttpResponseStream.from = (response, prelude) => {
  const order = broken.get(response);
  const real = from.call(runtime.HttpResponseStream, response, prelude);
  return order === undefined ? real : breaking(real, order);
};

/** The function itself, with a way to look at its process and to break the connection to its client. */
export const handler = runtime.streamifyResponse(async (event, response, context) => {
  if (event.lab?.vitals === true) {
    (context as { callbackWaitsForEmptyEventLoop: boolean }).callbackWaitsForEmptyEventLoop = false;
    response.write(JSON.stringify(vitals()));
    response.end();
    return;
  }
  if (event.lab?.breaks !== undefined) broken.set(response, event.lab.breaks);
  await (real as Handler)(event, response, context);
  if (event.lab?.breaks !== undefined) response.end();
});
