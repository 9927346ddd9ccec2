import { randomBytes } from "node:crypto";

/** The trace of a request, as the gateway decides it before it invokes anything. */
export interface GatewayTrace {
  /** Bare id: `1-{8 hex}-{24 hex}`. */
  readonly root: string;
  /** Id of the segment Lambda opens, parent of all the function sends. */
  readonly parent: string;
  readonly sampled: boolean;
}

const ROOT = /(?:^|;) *Root=(1-[0-9a-f]{8}-[0-9a-f]{24}) *(?:;|$)/;
const SAMPLED = /(?:^|;) *Sampled=([01]) *(?:;|$)/;

/**
 * Decides as API Gateway does: a client's root is kept, and its decision too; what it leaves open is sampled here; and
 * without a sound root the gateway makes its own.
 *
 * @param header the client's `X-Amzn-Trace-Id`
 */
export function gatewayTrace(header: string | undefined): GatewayTrace {
  const [, root] = ROOT.exec(header ?? "") ?? [];
  const [, sampled] = root === undefined ? [] : (SAMPLED.exec(header ?? "") ?? []);
  const time = Math.floor(Date.now() / 1000).toString(16);
  return {
    root: root ?? `1-${time}-${randomBytes(12).toString("hex")}`,
    parent: randomBytes(8).toString("hex"),
    sampled: sampled !== "0",
  };
}

/** The value Lambda puts into `_X_AMZN_TRACE_ID`. */
export function lambdaHeader({ root, parent, sampled }: GatewayTrace): string {
  return `Root=${root};Parent=${parent};Sampled=${sampled ? 1 : 0}`;
}
