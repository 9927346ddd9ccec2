import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { keyDocument } from "../policies/iam/resource-policies";
import type { Account } from "./account";

/** Props of {@link CustomerKey}. */
export interface CustomerKeyProps {
  /** Alias without the `alias/` prefix. @default none: it names the key in the console and must be chosen */
  readonly alias: string;
  /** Account the key belongs to. @default none */
  readonly account: Account;
  /** AWS services that may use the key, for example `cloudwatch`. @default none: too few breaks paging, too many leaks */
  readonly services: readonly string[];
  /** Provider of the key's region. @default the stack's provider */
  readonly provider?: TerraformProvider;
}

/** A customer-managed KMS key with yearly rotation that admits exactly the named AWS services (D2). */
export class CustomerKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const place = props.provider === undefined ? {} : { provider: props.provider };
    const key = new KmsKey(this, "key", {
      ...place,
      description: `Encrypts the topics and secrets behind alias/${props.alias}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(keyDocument(props.account, props.services)),
    });
    new KmsAlias(this, "alias", { ...place, name: `alias/${props.alias}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
