import { list, ofType } from "../../terraform/model";
import { attachmentsOf } from "../grants";
import { compliant, type Rule, violation } from "../rule";

/** Permissions are in place before the code that needs them (IAM-5). */
export const functionAttachmentsFirst: Rule = {
  id: "function-attachments-first",
  group: "house",
  severity: "error",
  statement: "Every function depends on all policy attachments of its role.",
  why: "Otherwise the first invocations after a deployment run without permissions and lose traces and metrics.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function").map((fn) => {
      const awaited = list(fn, "depends_on");
      const missing = attachmentsOf(terraform, fn).filter((one) => !awaited.includes(one.address));
      if (missing.length === 0) return compliant(fn);
      return violation(fn, {
        found: `depends_on lacks ${missing.map((one) => one.address).join(", ")}`,
        expected: "every policy attachment of its role",
        nextStep: "add them to depends_on, or use TracedFunction",
      });
    });
  },
};
