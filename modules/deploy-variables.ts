import { type TerraformStack, TerraformVariable } from "cdktf";
import { WEBHOOK_URL } from "../contract/messaging";
import { PAGE_URL } from "../contract/page";
import { IMAGE_BY_DIGEST } from "./streaming-function";

/** References to what only the person who deploys knows. */
export interface DeployVariables {
  readonly accountId: string;
  readonly alertEmail: string;
  /** Sensitive: whoever knows it may post to it. */
  readonly alertWebhookUrl: string;
  readonly deploymentVersion: string;
  readonly sseImageUri: string;
  readonly dashboardUrl: string;
  readonly mailFrom: string;
}

const ADDRESS = "^[^@ ]+@[^@ ]+$";
/** The host of the page, worked out by Terraform. */
export const DASHBOARD_HOST = '${regex("^https?://([^/:]+)", var.dashboard_url)[0]}';

interface Text {
  readonly name: string;
  readonly description: string;
  /** Terraform regular expression the value must match. */
  readonly pattern: string;
  readonly fallback: string | undefined;
  /** Whether plans hide it. */
  readonly sensitive?: true;
}

function textVariable(stack: TerraformStack, text: Text): string {
  return new TerraformVariable(stack, text.name, {
    type: "string",
    description: text.description,
    nullable: false,
    ...(text.sensitive === undefined ? {} : { sensitive: text.sensitive }),
    ...(text.fallback === undefined ? {} : { default: text.fallback }),
    validation: [
      {
        condition: `\${can(regex("${text.pattern}", var.${text.name}))}`,
        errorMessage: `The variable ${text.name} must be: ${text.description}.`,
      },
    ],
  }).stringValue;
}

/**
 * The Terraform variables of a stack: asked for at plan, never looked up in AWS.
 *
 * @param defaults settings that spare the person who deploys the question
 */
export function deployVariables(
  stack: TerraformStack,
  defaults: {
    readonly accountId?: string | undefined;
    readonly alertEmail?: string | undefined;
    readonly alertWebhook?: string | undefined;
    readonly dashboardUrl?: string | undefined;
    readonly mailFrom?: string | undefined;
  },
): DeployVariables {
  return {
    accountId: textVariable(stack, {
      name: "account_id",
      description: "The AWS account deployed to, 12 digits",
      pattern: "^[0-9]{12}$",
      fallback: defaults.accountId,
    }),
    alertEmail: textVariable(stack, {
      name: "alert_email",
      description: "The e-mail address alarms are sent to",
      pattern: ADDRESS,
      fallback: defaults.alertEmail,
    }),
    alertWebhookUrl: textVariable(stack, {
      name: "alert_webhook_url",
      description: "The https URL that alerts of the canary are posted to, besides the e-mail address",
      pattern: WEBHOOK_URL,
      fallback: defaults.alertWebhook,
      sensitive: true,
    }),
    deploymentVersion: textVariable(stack, {
      name: "deployment_version",
      description:
        "What is deployed, usually a commit, 1 to 128 letters, digits, dots, dashes or underscores",
      pattern: "^[A-Za-z0-9._-]{1,128}$",
      fallback: undefined,
    }),
    sseImageUri: textVariable(stack, {
      name: "sse_image_uri",
      description:
        "The image of the streaming function by digest, REPOSITORY@sha256: and 64 hexadecimal digits",
      pattern: IMAGE_BY_DIGEST,
      fallback: undefined,
    }),
    dashboardUrl: textVariable(stack, {
      name: "dashboard_url",
      description:
        "Address of the page that alert mails link to, https://HOST or http://localhost, without query",
      pattern: PAGE_URL,
      fallback: defaults.dashboardUrl,
    }),
    mailFrom: textVariable(stack, {
      name: "mail_from",
      description: "The e-mail address alert mails come from, one the mail provider has verified",
      pattern: ADDRESS,
      fallback: defaults.mailFrom,
    }),
  };
}
