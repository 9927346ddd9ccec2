import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetLayerVersionByArnCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { InputError } from "../../instruments/terraform-file";
import type { LayerPin } from "./lock";
import { ANSWER_MS, found, isLoopback, type Lookup, unreachable } from "./lookup";

/** Milliseconds for a whole archive; a layer has at most 250 MB. */
const DOWNLOAD_MS = 300_000;

interface Published {
  readonly location: string;
  readonly digest: Lookup;
}

async function published({ arn }: LayerPin, region: string): Promise<Published> {
  const client = new LambdaClient({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: ANSWER_MS, requestTimeout: ANSWER_MS },
  });
  try {
    const { Content } = await client.send(new GetLayerVersionByArnCommand({ Arn: arn }));
    const sha256 = Content?.CodeSha256;
    const digest =
      sha256 === undefined ? undefined : `sha256:${Buffer.from(sha256, "base64").toString("hex")}`;
    return { location: Content?.Location ?? "", digest: found(digest, "Lambda") };
  } finally {
    client.destroy();
  }
}

async function download(location: string): Promise<Buffer> {
  const url = new URL(location);
  if (url.protocol !== "https:" && !isLoopback(url.host))
    throw new Error(`Lambda sends us to ${url.origin} for the archive, which is not https`);
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(DOWNLOAD_MS) });
  if (!response.ok) throw new Error(`${url.host} answered ${response.status} for the archive`);
  return Buffer.from(await response.arrayBuffer());
}

function keep(folder: string, name: string, archive: Buffer): void {
  const file = join(folder, `${name}.zip`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, archive);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new InputError(file, code, "a file that can be written", "give another folder with --archives");
  }
}

/**
 * Asks Lambda for a layer version, downloads its archive and compares the archive with the checksum Lambda names.
 * Endpoint and credentials are the AWS SDK's (`AWS_ENDPOINT_URL`, `AWS_PROFILE` and so on).
 *
 * @param archives folder that gets NAME.zip, if the archive is to be kept
 * @throws InputError when the archive cannot be written
 */
export async function layerDigest(pin: LayerPin, archives?: string): Promise<Lookup> {
  const region = pin.arn.split(":")[3] ?? "";
  const host = `Lambda in ${region}`;
  try {
    const { location, digest } = await published(pin, region);
    if (digest.state !== "found") return digest;
    const archive = await download(location);
    const actual = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
    if (actual !== digest.digest)
      return {
        state: "unreachable",
        why: `${host} names ${digest.digest}, but its archive is ${actual}; try again`,
      };
    if (archives !== undefined) keep(archives, pin.name, archive);
    return digest;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const name = error instanceof Error ? error.name : "";
    if (name === "ResourceNotFoundException") return { state: "absent", why: `${host} has no ${pin.arn}` };
    if (/Credential|AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken/.test(name))
      return {
        state: "unreachable",
        why: `${host} wants credentials that may call lambda:GetLayerVersion (${name}); set AWS_PROFILE or log in`,
      };
    return unreachable(host, error);
  }
}
