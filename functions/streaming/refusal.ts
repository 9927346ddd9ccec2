/** A request that gets no stream; thrown before the first byte of an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: 401 | 404 | 405 | 503;
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail for the client; never anything the client sent */
  constructor(
    status: Refusal["status"],
    detail: string,
    headers: Readonly<Record<string, string>> = {},
    options: ErrorOptions = {},
  ) {
    super(detail, options);
    this.status = status;
    this.headers = headers;
  }
}
