import { startTracing } from "./provider";

/**
 * The process's one tracing, made when the module loads and never again (SSE-B8).
 *
 * @throws Error at load when the configuration is incomplete
 */
export const tracing = startTracing(process.env);
