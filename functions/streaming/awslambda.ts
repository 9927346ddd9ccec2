import type { Writable } from "node:stream";

/** The part of a Function URL's event that is read (payload format 2.0). Clients write it, so nothing is certain. */
export interface UrlEvent {
  readonly rawPath?: unknown;
  readonly rawQueryString?: unknown;
  /** Names in lower case, several values joined by commas. */
  readonly headers?: unknown;
  readonly requestContext?: { readonly http?: { readonly method?: unknown } };
}

/** The part of Lambda's context that is used. */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

/** Status and headers that precede a streamed body. */
export interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the runtime puts into the global scope of a streaming function. */
export interface AwsLambda {
  streamifyResponse(
    handler: (event: UrlEvent, response: Writable, context: LambdaContext) => Promise<void>,
  ): unknown;
  readonly HttpResponseStream: { from(response: Writable, prelude: Prelude): Writable };
}

/** The runtime's own streaming API; types of it are not published. */
export function awsLambda(): AwsLambda {
  return (globalThis as unknown as { readonly awslambda: AwsLambda }).awslambda;
}
