import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";

/** Props of {@link ManualSecret}. */
export interface ManualSecretProps {
  /** Name in Secrets Manager. @default none */
  readonly secretName: string;
  /** The one field of its JSON, so that whoever sets the value knows its shape. @default none */
  readonly field: string;
  /** Customer key that encrypts it. @default none: readers need a grant on exactly this key */
  readonly keyArn: string;
}

/** The metadata of a secret. Its value is put there by hand and never passes through Terraform's state. */
export class ManualSecret extends Construct {
  /** ARN of the secret. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ManualSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: props.secretName,
      kmsKeyId: props.keyArn,
      recoveryWindowInDays: 30,
      description: `JSON {"${props.field}": "…"}; set the value with aws secretsmanager put-secret-value`,
    });
    this.arn = secret.arn;
  }
}
