import {
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { TRACE_ARCHIVE } from "../../../contract/trace-archive";
import { clientOptions } from "../../aws/client-options";
import { awsFault, troubleOf } from "../../aws/trouble";
import type { ArchiveStore } from "./archive";

/** The account whose credentials are used. @throws InputError when AWS does not say */
export async function ownAccount(region: string | undefined): Promise<string> {
  const client = new STSClient(clientOptions(region));
  try {
    const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
    return Account;
  } catch (error) {
    throw awsFault(error, { action: "sts:GetCallerIdentity", region });
  } finally {
    client.destroy();
  }
}

/** True when a lifecycle rule reaches what an archive writes. */
function reaches({ Filter, Prefix }: LifecycleRule, prefix: string): boolean {
  const sizes = [Filter, Filter?.And].flatMap((one) => [one?.ObjectSizeGreaterThan, one?.ObjectSizeLessThan]);
  // Some objects of an archive are small and some are large; a rule for one kind keeps the other for ever.
  if (sizes.some((size) => size !== undefined)) return false;
  const tags = [...(Filter?.Tag === undefined ? [] : [Filter.Tag]), ...(Filter?.And?.Tags ?? [])];
  const ours = ({ Key, Value }: (typeof tags)[number]) =>
    Key === TRACE_ARCHIVE.tag.key && Value === TRACE_ARCHIVE.tag.value;
  const beginning = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "";
  return tags.every(ours) && prefix.startsWith(beginning);
}

/** An S3 bucket of one account. Each request names the account, so that a bucket that changed hands is refused. */
export class Bucket implements ArchiveStore {
  readonly #client: S3Client;

  /** @param owner twelve digits */
  constructor(
    readonly name: string,
    readonly owner: string,
    readonly region: string | undefined,
  ) {
    this.#client = new S3Client({ ...clientOptions(region), followRegionRedirects: true });
  }

  /** Makes sure that the bucket is there and belongs to the account. @throws InputError when not */
  async check(): Promise<void> {
    await this.#asked("ListBucket", () => this.#client.send(new HeadBucketCommand(this.#place)));
  }

  /** Days after which a lifecycle rule deletes objects of this prefix; `undefined` when none does. @throws InputError */
  async retentionDays(prefix: string): Promise<number | undefined> {
    const rules = await this.#asked("GetLifecycleConfiguration", async () => {
      try {
        return (await this.#client.send(new GetBucketLifecycleConfigurationCommand(this.#place))).Rules ?? [];
      } catch (error) {
        if (error instanceof Error && error.name === "NoSuchLifecycleConfiguration") return [];
        throw error;
      }
    });
    const days = rules
      .filter((rule) => rule.Status === "Enabled" && reaches(rule, prefix))
      .flatMap(({ Expiration }) => Expiration?.Days ?? []);
    return days.length === 0 ? undefined : Math.min(...days);
  }

  async read(key: string): Promise<string | undefined> {
    return await this.#asked("GetObject", async () => {
      try {
        const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#place, Key: key }));
        return (await Body?.transformToString()) ?? "";
      } catch (error) {
        if (troubleOf(error, { action: "s3:GetObject" }).kind === "not-found") return undefined;
        throw error;
      }
    });
  }

  async put(key: string, body: Uint8Array, contentType: string): Promise<void> {
    const { tag } = TRACE_ARCHIVE;
    await this.#asked("PutObject", () =>
      this.#client.send(
        new PutObjectCommand({
          ...this.#place,
          Key: key,
          Body: body,
          ContentType: contentType,
          Tagging: new URLSearchParams({ [tag.key]: tag.value }).toString(),
        }),
      ),
    );
  }

  /** Lets go of connections. */
  close(): void {
    this.#client.destroy();
  }

  get #place() {
    return { Bucket: this.name, ExpectedBucketOwner: this.owner };
  }

  async #asked<T>(action: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const subject = `--bucket ${this.name}`;
      throw awsFault(error, { action: `s3:${action}`, subject, region: this.region, owner: this.owner });
    }
  }
}
