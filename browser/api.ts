/** What a page needs to call the API and to let its requests begin their traces. */
export { ApiClient, type ApiClientOptions, type FinishedCall } from "./api-client";
export { ApiError, type ApiErrorCode, type ApiErrorDetails, type FieldError } from "./api-error";
export { type PageAction, startAction } from "./page-action";
export { type TraceFetchOptions, traceFetch } from "./trace-fetch";
export { bareTraceId, newRoot } from "./trace-header";
export { TraceOrigins } from "./trace-origins";
