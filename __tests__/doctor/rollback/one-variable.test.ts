import { ENVIRONMENTS } from "../../../contract/names";
import { isObject } from "../../../policies/terraform/model";
import { synthesize } from "../../support/synthesized";

/** Paths of all texts that hold the words. */
function placesOf(value: unknown, words: string, path: readonly string[] = []): readonly string[] {
  if (typeof value === "string") return value.includes(words) ? [path.join(".")] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => placesOf(one, words, [...path, `${index}`]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => placesOf(one, words, [...path, key]));
}

test.each(ENVIRONMENTS)(
  "DEP-4 in %s the image is a variable of its own, read in one place only",
  (environment) => {
    const { resource, output, locals, data } = synthesize(environment);
    const places = placesOf({ resource, output, locals, data }, "var.sse_image_uri");
    expect(places).toEqual([expect.stringMatching(/^resource\.aws_lambda_function\.[\w-]+\.image_uri$/)]);
  },
);
