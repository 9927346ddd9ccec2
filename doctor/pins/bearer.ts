import { ANSWER_MS, isLoopback } from "./lookup";

/** A registry's demand for a token, from `WWW-Authenticate` (distribution specification, "Token authentication"). */
interface Challenge {
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

function challengeOf(header: string | null): Challenge | undefined {
  if (header === null || !/^bearer\s/i.test(header)) return undefined;
  const parts = Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key.toLowerCase(), value]),
  );
  const realm = parts["realm"];
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return {
    realm,
    ...(parts["service"] === undefined ? {} : { service: parts["service"] }),
    ...(parts["scope"] === undefined ? {} : { scope: parts["scope"] }),
  };
}

/**
 * Gets the anonymous token a registry asks for.
 *
 * @param host the registry; one of another machine may not send us to an address without TLS
 * @param demand its `WWW-Authenticate`
 * @param scope what to ask for when the registry names nothing
 * @throws Error when the demand cannot be met, and what `fetch` throws
 */
export async function anonymousToken(host: string, demand: string | null, scope: string): Promise<string> {
  const challenge = challengeOf(demand);
  if (challenge === undefined)
    throw new Error(`asks for ${demand ?? "nothing it names"}, not for a bearer token`);
  const url = new URL(challenge.realm);
  if (url.protocol !== "https:" && !(isLoopback(host) && isLoopback(url.host)))
    throw new Error(`sends us to ${url.origin} for a token, which is not https`);
  if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
  url.searchParams.set("scope", challenge.scope ?? scope);
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`${url.host} refused an anonymous token with status ${response.status}`);
  const body = (await response.json()) as { readonly token?: unknown; readonly access_token?: unknown };
  const token = body.token ?? body.access_token;
  if (typeof token !== "string" || token === "") throw new Error(`${url.host} answered without a token`);
  return token;
}
