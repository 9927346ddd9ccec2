import { ofType, type TerraformModel, text, unresolved } from "../../terraform/model";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** How a condition that accepts nothing but digests ends. */
const CONDITION = "@sha256:[0-9a-f]{64}$";

/** True for an image given by a variable that refuses everything without a digest. */
function asksForDigest(terraform: TerraformModel, image: string): boolean {
  const variable = /^\$\{var\.([\w-]+)\}$/.exec(image)?.[1] ?? "";
  return (terraform.conditions?.[variable] ?? []).some(
    (one) => one.includes(`${CONDITION}"`) && !one.includes("||"),
  );
}

/** Images are named by digest (SSE-A2). */
export const imageByDigest: Rule = {
  id: "image-by-digest",
  group: "tracing",
  severity: "warning",
  statement: "Every container image of a function is named by its digest.",
  why: "A tag moves: the collector inside may change, or be gone, without any change in the plan.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function").flatMap((fn): readonly Judgement[] => {
      if (fn.values["image_uri"] === undefined || fn.values["image_uri"] === "") return [];
      const image = text(fn, "image_uri") ?? "";
      if (DIGEST.test(image) || asksForDigest(terraform, image)) return [compliant(fn)];
      if (unresolved(fn, "image_uri")) {
        return [
          undecided(
            fn,
            "its image_uri is known only after apply",
            "end it with a literal digest: REPOSITORY@sha256:…, or give the variable a validation that does",
          ),
        ];
      }
      return [
        violation(fn, {
          found: `the image is named ${image}`,
          expected: "REPOSITORY@sha256: and 64 hexadecimal digits",
          nextStep: "write the digest that `docker buildx imagetools inspect` shows for this tag",
        }),
      ];
    });
  },
};
