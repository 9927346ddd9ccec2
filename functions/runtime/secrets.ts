import { secretsManager } from "./clients";
import { SecretValues } from "./secret-values";

/** API keys of vendors, from secrets of the form `{"api_key": string}`. */
export const apiKeys = /* @__PURE__ */ new SecretValues(secretsManager, "api_key");
