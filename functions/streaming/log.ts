import { context } from "@opentelemetry/api";
import { Logger } from "../runtime/logger";
import { xrayTraceId } from "../runtime/streaming-tracing/invocation";
import { config } from "./settings";

/** The process's logger; each line has the id of the trace it is written in (CORR-2). */
export const logger = new Logger(config, () => xrayTraceId(context.active()));
