import { SignJWT, UnsecuredJWT } from "jose";
import { TOKEN_ISSUER } from "../../../contract/streaming";
import {
  bearerOf,
  sessionUser,
  type TokenAuthority,
  TokenError,
} from "../../../functions/runtime/access-token";

const KEY = "a signing key of at least thirty-two bytes";
const USER = "5e9f8f5c-4f55-4d9b-8f9a-1b2c3d4e5f60";

function authority(change: Partial<TokenAuthority> = {}): TokenAuthority {
  return { audience: "dev", signingKey: async () => KEY, isSession: async (id) => id === USER, ...change };
}

/** Claims that hold; times in seconds since 1970. */
function claims(change: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const sound = {
    sub: USER,
    iss: TOKEN_ISSUER,
    aud: "dev",
    iat: now,
    nbf: now,
    exp: now + 600,
    roles: ["user"],
  };
  return Object.fromEntries(
    Object.entries({ ...sound, ...change }).filter(([, value]) => value !== undefined),
  );
}

function signed(change: Record<string, unknown> = {}, alg = "HS256", key = KEY): Promise<string> {
  return new SignJWT(claims(change)).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

test("D19 an anonymous session is a UUID whose digest is a user that exists; the user's id opens nothing", async () => {
  const user = sessionUser(USER);
  const sessions = { ...authority(), isSession: async (id: string) => id === user };
  await expect(bearerOf(`Bearer ${USER}`, sessions)).resolves.toBe(user);
  await expect(bearerOf(`Bearer ${USER.toUpperCase()}`, sessions)).resolves.toBe(user);
  await expect(bearerOf(`Bearer ${user}`, sessions)).rejects.toThrow(TokenError);
  await expect(bearerOf(`Bearer ${USER.replace("5", "6")}`, authority())).rejects.toThrow(TokenError);
});

test("D19 a token that holds names its subject", async () => {
  await expect(bearerOf(`Bearer ${await signed()}`, authority())).resolves.toBe(USER);
  const late = Math.floor(Date.now() / 1000) - 50;
  await expect(bearerOf(`Bearer ${await signed({ exp: late })}`, authority())).resolves.toBe(USER);
});

test.each([
  ["expired", { exp: Math.floor(Date.now() / 1000) - 70 }],
  ["not valid yet", { nbf: Math.floor(Date.now() / 1000) + 90 }],
  ["of another issuer", { iss: "somebody" }],
  ["for another audience", { aud: "prod" }],
  ["without subject", { sub: undefined }],
  ["without roles", { roles: undefined }],
  ["with roles that are no list", { roles: "admin" }],
  ["without expiry", { exp: undefined }],
  ["without instant of issue", { iat: undefined }],
  ["without start", { nbf: undefined }],
  ["with a subject that reaches other rows", { sub: "x#CONFIG" }],
  ["with a subject without end", { sub: "x".repeat(200) }],
])("D19 a token is refused: %s", async (_why, change) => {
  const refused = bearerOf(`Bearer ${await signed(change)}`, authority());
  await expect(refused).rejects.toThrow("The token is not accepted.");
  await expect(refused).rejects.toThrow(TokenError);
});

test("D19 a token is refused: signed with another key, another algorithm, or not at all", async () => {
  const unsigned = new UnsecuredJWT(claims()).encode();
  const tokens = [await signed({}, "HS256", `${KEY}!`), await signed({}, "HS512"), unsigned, "a.b.c", "x"];
  for (const token of tokens) {
    await expect(bearerOf(`Bearer ${token}`, authority())).rejects.toThrow(TokenError);
  }
});

test("D19 a token that would hold but for its signature says so, since the key may have changed", async () => {
  const other = await signed({}, "HS256", `${KEY}!`);
  await expect(bearerOf(`Bearer ${other}`, authority())).rejects.toMatchObject({ signature: "wrong" });
  await expect(bearerOf("Bearer a.b.c", authority())).rejects.toMatchObject({ signature: "unknown" });
});

test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  `Basic ${USER}`,
  `Bearer ${USER} x`,
  `Bearer ${"x".repeat(5000)}`,
  "Bearer a\r\nb",
])("D19 a header without a bearer token is refused: %p", async (header) => {
  await expect(bearerOf(header, authority())).rejects.toThrow("A bearer token is needed.");
});

test("a secret or table that cannot be read is no verdict on the token", async () => {
  const broken = async () => {
    throw new Error("throttled");
  };
  await expect(bearerOf(`Bearer ${USER}`, authority({ isSession: broken }))).rejects.toThrow("throttled");
  await expect(bearerOf(`Bearer ${await signed()}`, authority({ signingKey: broken }))).rejects.toThrow(
    "throttled",
  );
});
