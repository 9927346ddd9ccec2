import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SERVICE_VARIABLES } from "../../contract/environment-variables";
import { SERVICES, ZIP_SERVICES } from "../../contract/services";
import { functionOf, named, ref, STACKS, variablesOf } from "./parts";

const manifest = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as Record<
  "dependencies" | "devDependencies" | "overrides",
  Readonly<Record<string, string>>
>;

describe("TRC-8 versions", () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides };

  test.each(Object.entries(all))("TRC-8 %s is pinned exactly at %s", (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  test("TRC-8 the packages of Powertools have one version", () => {
    const powertools = Object.entries(all).filter(([name]) => name.startsWith("@aws-lambda-powertools/"));
    expect(powertools.length).toBeGreaterThan(1);
    expect(new Set(powertools.map(([, version]) => version)).size).toBe(1);
  });
});

describe.each(STACKS)("functions in %s", (environment, terraform) => {
  describe.each(ZIP_SERVICES)("%s", (service) => {
    const fn = functionOf(terraform, environment, service);
    const variables = variablesOf(fn);

    test("TRC-5 responses are not captured, errors are, and tracing is on", () => {
      expect(variables).toMatchObject({
        POWERTOOLS_TRACER_CAPTURE_RESPONSE: "false",
        POWERTOOLS_TRACER_CAPTURE_ERROR: "true",
        POWERTOOLS_TRACE_ENABLED: "true",
        AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      });
    });

    test("TRC-6 the service has its name on the trace map", () => {
      expect(variables["POWERTOOLS_SERVICE_NAME"]).toBe(`sentiment-analyzer-${service}`);
    });

    test("DEP-5 what is deployed is in DEPLOYMENT_VERSION and the deploy-sha tag", () => {
      expect(variables["DEPLOYMENT_VERSION"]).toBe("${var.deployment_version}");
      expect(fn.values["tags"]).toEqual({ "deploy-sha": "${var.deployment_version}" });
    });

    test("its variables are exactly the ones its code reads and the ones tracing needs", () => {
      const fixed = [
        "AWS_XRAY_CONTEXT_MISSING",
        "DEPLOYMENT_VERSION",
        "ENVIRONMENT",
        "POWERTOOLS_LOG_LEVEL",
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_TRACER_CAPTURE_ERROR",
        "POWERTOOLS_TRACER_CAPTURE_RESPONSE",
        "POWERTOOLS_TRACE_ENABLED",
      ];
      expect(Object.keys(variables).sort()).toEqual([...fixed, ...SERVICE_VARIABLES[service]].sort());
      expect(variables["ENVIRONMENT"]).toBe(environment);
      for (const value of Object.values(variables)) expect(value).toMatch(/./);
    });

    test("logs are JSON, kept for a time, with the reports memory is measured from", () => {
      const group = named(
        terraform,
        "aws_cloudwatch_log_group",
        "name",
        `/aws/lambda/${environment}-sentiment-${service}`,
      );
      expect(group.values["retention_in_days"]).toBe(environment === "prod" ? 90 : 30);
      expect(fn.values["logging_config"]).toEqual({
        log_format: "JSON",
        application_log_level: "INFO",
        system_log_level: "INFO",
        log_group: ref(group, "name"),
      });
    });

    test("DOC-2 it has bounds, a managed runtime, Active tracing and the bundle's handler", () => {
      expect(fn.values).toMatchObject({
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        timeout: SERVICES[service].timeoutSeconds,
        tracing_config: { mode: "Active" },
      });
      expect(fn.values["reserved_concurrent_executions"]).toBeGreaterThan(0);
      expect(String(fn.values["filename"])).not.toMatch(/^\//);
    });
  });
});
