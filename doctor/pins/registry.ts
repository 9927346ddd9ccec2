import { anonymousToken } from "./bearer";
import { ANSWER_MS, found, isLoopback, type Lookup, unreachable } from "./lookup";

/** Without all four a registry may answer with the digest of another form of the same image. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Docker's names, which its registry does not answer at. */
const HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** Address of an image's manifest. */
export function manifestAddress(image: string, reference: string): URL {
  const slash = image.indexOf("/");
  const host = image.slice(0, slash);
  const scheme = isLoopback(host) ? "http" : "https";
  return new URL(`${scheme}://${HOSTS[host] ?? host}/v2/${image.slice(slash + 1)}/manifests/${reference}`);
}

function head(address: URL, token?: string): Promise<Response> {
  return fetch(address, {
    method: "HEAD",
    redirect: "manual",
    headers: { Accept: MANIFESTS, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

/**
 * Asks a registry which digest a tag means, or whether a digest is still there. Only headers travel.
 *
 * @param image HOST/NAME
 * @param reference a tag or a digest
 */
export async function imageDigest(image: string, reference: string): Promise<Lookup> {
  const address = manifestAddress(image, reference);
  try {
    let response = await head(address);
    if (response.status === 401) {
      const scope = `repository:${image.slice(image.indexOf("/") + 1)}:pull`;
      const token = await anonymousToken(address.host, response.headers.get("www-authenticate"), scope);
      response = await head(address, token);
    }
    if (response.status === 200) return found(response.headers.get("docker-content-digest"), address.host);
    if (response.status === 404)
      return { state: "absent", why: `${address.host} has no ${image}, ${reference}` };
    const why = `${address.host} answered ${response.status} for ${image}, ${reference}; try again later`;
    return { state: "unreachable", why };
  } catch (error) {
    return unreachable(address.host, error);
  }
}
