import { list, ofType, text, unresolved } from "../../terraform/model";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** Functions made of images carry their collector inside (SSE-A2). */
export const imageWithoutLayers: Rule = {
  id: "image-without-layers",
  group: "tracing",
  severity: "error",
  statement: "No function made of a container image names layers.",
  why: "Lambda gives layers to zip packages only; a collector that comes as a layer never reaches an image.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function")
      .filter((fn) => text(fn, "package_type") === "Image")
      .map((fn): Judgement => {
        const layers = list(fn, "layers");
        if (layers.length === 0) return compliant(fn);
        if (unresolved(fn, "layers") && text(fn, "layers") === "${known_after_apply}")
          return undecided(fn, "its layers are known only after apply", AFTER_APPLY);
        return violation(fn, {
          found: `package_type is Image, with ${layers.length} in layers`,
          expected: "no layers",
          nextStep: "copy the contents of the layer into the image at build time, below /opt",
        });
      });
  },
};
