import { XRAY_WRITE_ACTIONS } from "../../../contract/access";
import { ofType, text } from "../../terraform/model";
import { grantsOf, many } from "../grants";
import { compliant, type Rule, violation } from "../rule";

/** The five X-Ray actions on every function's role, and beyond them only what the contract promises (IAM-1, IAM-3). */
export const functionXrayAccess: Rule = {
  id: "function-xray-access",
  group: "house",
  severity: "error",
  statement:
    "The role of every function holds exactly the five X-Ray write actions; only the canary's reads traces.",
  why: "Without them the daemon drops every segment in silence; with more, an application could read all traces.",
  judge({ terraform, promises }) {
    return ofType(terraform, "aws_lambda_function").map((fn) => {
      const grants = grantsOf(terraform, fn);
      const expected = [
        ...XRAY_WRITE_ACTIONS,
        ...(promises?.traceReads[text(fn, "function_name") ?? fn.path] ?? []),
      ];
      const held = grants.statements
        .flatMap((statement) => many(statement["Action"]))
        .filter((action) => action.startsWith("xray:"));
      const missing = expected.filter((action) => !held.includes(action));
      const extra = held.filter((action) => !expected.includes(action));
      if (missing.length === 0 && extra.length === 0) return compliant(fn);
      const parts = [
        missing.length > 0 ? `missing ${missing.join(", ")}` : "",
        extra.length > 0 ? `too much: ${extra.join(", ")}` : "",
        grants.unreadable.length > 0 ? `not readable here: ${grants.unreadable.join(", ")}` : "",
      ];
      return violation(fn, {
        found: parts.filter((part) => part !== "").join("; "),
        expected: expected.join(", "),
        nextStep:
          "attach the policy of modules/xray-access.ts to the role, and list what it reads in contract/access.ts",
      });
    });
  },
};
