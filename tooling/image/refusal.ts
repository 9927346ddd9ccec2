/** Why no image is built; the message names place, what was found, what was expected, and the next step. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(place: string, found: string, expected: string, nextStep: string) {
    super(`${place}: found ${found}; expected ${expected}. Next step: ${nextStep}.`);
  }
}
