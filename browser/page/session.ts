import type { ApiClient } from "../api-client";
import type { PageAction } from "../page-action";

/** The anonymous session of this page view. Its token is never stored: another view is another session. */
export class Session {
  readonly #api: ApiClient;
  #token: Promise<string> | undefined;
  #known: string | undefined;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The token, once there is one. */
  get token(): string | undefined {
    return this.#known;
  }

  /** Starts a session unless there is one. @throws ApiError when the API refuses or gives no token */
  async start(action: PageAction): Promise<void> {
    this.#token ??= this.#create(action);
    try {
      this.#known = await this.#token;
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }

  /** Forgets a session the API no longer knows; the next start makes another. */
  forget(): void {
    this.#token = undefined;
    this.#known = undefined;
    this.#api.useToken(undefined);
  }

  async #create(action: PageAction): Promise<string> {
    const answer = await this.#api.call("createSession", { body: {}, action });
    const token =
      typeof answer === "object" && answer !== null && "token" in answer ? answer.token : undefined;
    if (typeof token !== "string") throw new Error("The API started a session and gave no token.");
    this.#api.useToken(token);
    return token;
  }
}
