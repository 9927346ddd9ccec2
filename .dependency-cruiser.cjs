/** Which part of the house may import which (ADR 0001). Everything may import contract/; a new arrow needs an ADR. */
const MAP = {
  contract: [],
  policies: ["contract"],
  modules: ["contract", "policies"],
  functions: ["contract"],
  browser: ["contract"],
  instruments: ["contract", "policies"],
  doctor: ["contract", "policies", "instruments"],
  lab: ["contract", "policies", "instruments"],
  containers: ["contract"],
  tooling: ["contract", "policies", "containers", "instruments", "doctor"],
};

const rooms = Object.entries(MAP).map(([room, allowed]) => ({
  name: `${room}-imports-only-${["itself", ...allowed].join("-")}`,
  comment: `${room}/ may import ${["itself", ...allowed].join(", ")} and packages. Move the code, or write an ADR.`,
  severity: "error",
  from: { path: `^${room}/` },
  to: { pathNot: `^(${[room, ...allowed].join("|")}|node_modules)/`, dependencyTypesNot: ["core"] },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    {
      name: "functions-are-separate",
      comment: "A function shares code with another only through functions/runtime/.",
      severity: "error",
      from: { path: "^functions/([^/]+)/", pathNot: "^functions/runtime/" },
      to: { path: "^functions/([^/]+)/", pathNot: "^functions/($1|runtime)/" },
    },
    {
      name: "one-tracing-seam",
      comment:
        "The X-Ray SDK reaches end of support in 2027: only functions/runtime/tracing.ts touches it (TRC-1).",
      severity: "error",
      from: { path: "^functions/", pathNot: "^functions/runtime/tracing\\.ts$" },
      to: { path: "node_modules/(aws-xray-sdk-core|@aws-lambda-powertools/tracer)/" },
    },
    {
      name: "provider-by-path",
      comment: "The barrel of the AWS bindings costs seconds and half a gigabyte; import lib/RESOURCE.",
      severity: "error",
      from: {},
      to: { path: "@cdktf/provider-aws/lib/index\\." },
    },
    {
      name: "infrastructure-stays-portable",
      comment:
        "Only cdktf's and constructs' front doors, so that the community fork can take over (ADR 0001).",
      severity: "error",
      from: { path: "^(modules|policies|main\\.ts)" },
      to: { path: "node_modules/(cdktf|constructs)/lib/(?!index)" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|cdktf\\.out|__tests__|\\.git)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "default", "types"],
    },
  },
};
