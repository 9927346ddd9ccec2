/** An address to ask, with what must not be shown apart from it. */
export interface HttpAddress {
  /** Without name and password, which `fetch` refuses in an address. */
  readonly url: URL;
  /** Origin and path: queries carry tokens, too. */
  readonly shown: string;
  /** `authorization`, when the address held a name or a password. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Text without percent-encoding, or as it is when it is not encoded well. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes name and password out of an address and sends them as HTTP clients do, as Basic authorization (RFC 7617). */
export function httpAddress({ href }: URL): HttpAddress {
  const url = new URL(href);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const shown = `${url.origin}${url.pathname}`;
  if (username === "" && password === "") return { url, shown, headers: {} };
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return { url, shown, headers: { authorization: `Basic ${pair}` } };
}
