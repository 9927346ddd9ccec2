import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";

/** Props of {@link VendorSecret}. */
export interface VendorSecretProps {
  /** Name in Secrets Manager. @default none */
  readonly secretName: string;
  /** Customer key that encrypts it. @default none: readers need a grant on exactly this key */
  readonly keyArn: string;
}

/** The metadata of a secret. Its value is put there by hand and never passes through Terraform's state. */
export class VendorSecret extends Construct {
  /** ARN of the secret. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: VendorSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: props.secretName,
      kmsKeyId: props.keyArn,
      recoveryWindowInDays: 30,
      description: 'JSON {"api_key": "…"}; set the value with aws secretsmanager put-secret-value',
    });
    this.arn = secret.arn;
  }
}
