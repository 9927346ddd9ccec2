import { loadConfig } from "../../../functions/runtime/config";
import { INGESTION_VARIABLES } from "../../support/probe";

describe("configuration", () => {
  test("a complete one is given typed, with the function's name", () => {
    const config = loadConfig("ingestion", INGESTION_VARIABLES);
    expect(config).toMatchObject({ environment: "dev", functionName: "dev-sentiment-ingestion" });
    expect(config.variables.USERS_TABLE).toBe("dev-sentiment-users");
  });

  test("every problem is named at once, and no value is repeated", () => {
    const { SNS_TOPIC_ARN: _, ...rest } = INGESTION_VARIABLES;
    const broken = {
      ...rest,
      ENVIRONMENT: "staging-secret",
      TIINGO_BASE_URL: "ftp://secret",
      FINNHUB_SECRET_ARN: "secret",
      DATABASE_TABLE: "",
    };
    const load = () => loadConfig("ingestion", broken);
    expect(load).toThrow(
      "ingestion cannot start: ENVIRONMENT must be one of dev, preprod, prod; DATABASE_TABLE is not set; " +
        "SNS_TOPIC_ARN is not set; FINNHUB_SECRET_ARN must be an ARN; TIINGO_BASE_URL must be an http or https URL. " +
        "The function's construct in modules/ sets them",
    );
    expect(load).not.toThrow(/staging-secret|ftp/);
  });

  test("TRC-6 another service's name is refused", () => {
    const wrong = { ...INGESTION_VARIABLES, POWERTOOLS_SERVICE_NAME: "service_undefined" };
    expect(() => loadConfig("ingestion", wrong)).toThrow(
      "POWERTOOLS_SERVICE_NAME must be sentiment-analyzer-ingestion (TRC-6)",
    );
  });
});
