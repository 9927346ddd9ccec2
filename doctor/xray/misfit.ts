import * as v from "valibot";
import { InputError } from "../../instruments/terraform-file";

/**
 * Says where data is not of its shape, without showing what stands there.
 *
 * @param place what the data is, for example a file
 */
export function misfit(place: string, issue: v.BaseIssue<unknown>, nextStep: string): InputError {
  const found = issue.received === "undefined" ? "nothing" : "something else";
  const expected = issue.kind === "validation" ? issue.message : (issue.expected ?? "another value");
  return new InputError(`${place}: ${v.getDotPath(issue) ?? "the answer"}`, found, expected, nextStep);
}
