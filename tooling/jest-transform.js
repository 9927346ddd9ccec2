const { createHash } = require("node:crypto");
const { transformSync, version } = require("esbuild");

/** Jest transform: TypeScript and ES modules to CommonJS, types stripped but not checked (`npm run typecheck` does). */
module.exports = {
  process(source, filename) {
    const loader = filename.endsWith(".ts") ? "ts" : "js";
    return transformSync(source, {
      loader,
      format: "cjs",
      target: "node20",
      sourcemap: "inline",
      sourcefile: filename,
    });
  },
  getCacheKey(source, filename) {
    return createHash("sha256").update(version).update(filename).update(source).digest("hex");
  },
};
