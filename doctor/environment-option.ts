import { InvalidArgumentError } from "commander";
import { ENVIRONMENTS, type Environment } from "../contract/names";

/** Reads an option that names an environment. @throws InvalidArgumentError listing those there are */
export function environmentOption(text: string): Environment {
  const found = ENVIRONMENTS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected one of ${ENVIRONMENTS.join(", ")}.`);
}
