import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TRACE_LIMITS } from "../../contract/spans";
import { ofType } from "../../policies/terraform/model";
import { STACKS } from "../modules/parts";

const PAGE = readFileSync(join(resolve(__dirname, "..", ".."), "docs", "data.md"), "utf8");

test("DAT-5 FR-173 default encryption is noted, and a customer key is optional, with the Terraform for it", () => {
  expect(PAGE).toMatch(/encrypts traces .* at rest by default/);
  expect(PAGE).toMatch(/A customer key is\s+optional/);
  expect(PAGE).toMatch(/resource "aws_xray_encryption_config" "\w+" \{\n {2}type {3}= "KMS"\n {2}key_id = /);
  expect(PAGE).toContain("`kms:Decrypt`");
});

test.each(STACKS)(
  "DAT-5 the stack of %s leaves the account's setting alone, as the page says",
  (_name, terraform) => {
    expect(PAGE).toContain("the stacks here leave it alone");
    expect(ofType(terraform, "aws_xray_encryption_config")).toEqual([]);
  },
);

test("the limits it states are those of the contract", () => {
  expect(PAGE).toContain(`${TRACE_LIMITS.messageLength} characters`);
});
