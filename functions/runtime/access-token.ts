import { createHash } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { TOKEN_ISSUER } from "../../contract/streaming";

/** A token that does not say who its bearer is. The message is for the client and has nothing of the token. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  /** `wrong` when nothing but the signature speaks against it, as after a change of the key. */
  readonly signature: "wrong" | "unknown";

  constructor(message: string, signature: TokenError["signature"] = "unknown") {
    super(message);
    this.signature = signature;
  }
}

/**
 * The id of the user an anonymous session's token stands for. A digest, because ids are in keys, messages and dead
 * letters, and none of these may open a session.
 */
export function sessionUser(token: string): string {
  return createHash("sha256").update(token.toLowerCase()).digest("hex").slice(0, 32);
}

/** What tokens are checked against. */
export interface TokenAuthority {
  readonly audience: string;
  /** The HS256 key; called for JWTs only. */
  readonly signingKey: () => Promise<string>;
  /** Whether an anonymous session of a user of that id exists and has not expired; called for UUIDs only. */
  readonly isSession: (id: string) => Promise<boolean>;
}

const BEARER = /^Bearer ([\x21-\x7e]{1,4096})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SUBJECT = /^[A-Za-z0-9_-]{1,128}$/;
const LEEWAY_SECONDS = 60;

async function subjectOf(token: string, authority: TokenAuthority): Promise<string> {
  const key = new TextEncoder().encode(await authority.signingKey());
  let claims: Readonly<Record<string, unknown>>;
  try {
    const verified = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      issuer: TOKEN_ISSUER,
      audience: authority.audience,
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims: ["sub", "exp", "iat", "nbf", "roles"],
    });
    claims = verified.payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    const wrong = error instanceof errors.JWSSignatureVerificationFailed;
    throw new TokenError("The token is not accepted.", wrong ? "wrong" : "unknown");
  }
  const { sub, roles } = claims;
  if (typeof sub !== "string" || !SUBJECT.test(sub) || !Array.isArray(roles)) {
    throw new TokenError("The token is not accepted.");
  }
  return sub;
}

/**
 * The id of the user an `Authorization` header stands for: a UUID is the token of an anonymous session,
 * anything else must be a JWT that holds (D19, application §6).
 *
 * @throws TokenError when it stands for nobody; whatever `authority` throws
 */
export async function bearerOf(
  authorization: string | undefined,
  authority: TokenAuthority,
): Promise<string> {
  const [, token] = BEARER.exec(authorization ?? "") ?? [];
  if (token === undefined) throw new TokenError("A bearer token is needed.");
  if (!UUID.test(token)) return subjectOf(token, authority);
  const id = sessionUser(token);
  if (!(await authority.isSession(id))) throw new TokenError("The token is not accepted.");
  return id;
}
