import { imageByDigest } from "../../policies/rules/tracing/image-by-digest";
import { fromSynthesized } from "../../policies/terraform/synthesized";

/** What the rule says of an image given by a variable with a condition. */
function outcome(image: string, ...conditions: readonly string[]): string | undefined {
  const terraform = fromSynthesized({
    variable: { image: { type: "string", validation: conditions.map((condition) => ({ condition })) } },
    resource: { aws_lambda_function: { a: { function_name: "a", package_type: "Image", image_uri: image } } },
  });
  return imageByDigest.judge({ terraform })[0]?.outcome;
}

const DIGESTS = '${can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", var.image))}';

describe("SSE-A2 an image that is known only when somebody deploys", () => {
  test("a variable that accepts digests alone is as good as a digest", () => {
    expect(outcome("${var.image}", DIGESTS)).toBe("compliant");
    expect(outcome("${var.image}", "${var.image != null}", DIGESTS)).toBe("compliant");
  });

  test.each([
    ["no condition", []],
    ["a condition that lets more through", ['${can(regex("^[^@ ]+@sha256:[0-9a-f]{64}", var.image))}']],
    ["a condition with a way around", [DIGESTS.replace("}", ' || var.image == "latest"}')]],
    ["a condition on its length", ["${length(var.image) > 10}"]],
  ])("%s leaves a doubt", (_title, conditions) => {
    expect(outcome("${var.image}", ...conditions)).toBe("could-not-evaluate");
  });

  test("the condition of one variable says nothing of another, nor of what is put around it", () => {
    expect(outcome("${var.other}", DIGESTS)).toBe("could-not-evaluate");
    expect(outcome("${var.image}:latest", DIGESTS)).not.toBe("compliant");
  });
});
