import { buildImage } from "./buildah";
import { buildContext } from "./context";
import { HELP, optionsFrom, UsageError } from "./options";
import { pinnedParts } from "./pinned";

function image(args: readonly string[]): void {
  const options = optionsFrom(args);
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const pinned = pinnedParts(options.lock, options.target);
  const context = buildContext(options);
  process.stderr.write(`building ${options.target} for ${pinned.platform} from ${pinned.base}\n`);
  process.stdout.write(`${buildImage(options, context, pinned)}\n`);
}

try {
  image(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
