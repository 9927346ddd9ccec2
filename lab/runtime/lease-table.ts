import type { AwsCall, AwsFault, AwsGateway } from "./aws-gateway";

type Call = Omit<AwsCall, "status">;
type Attribute = { readonly S?: string; readonly N?: string };
type Row = Readonly<Record<string, Attribute>>;

const REFUSED: AwsFault = {
  status: 400,
  code: "ConditionalCheckFailedException",
  message: "The conditional request failed",
};

/**
 * The leases table in memory, with DynamoDB's one property that matters to it: a condition is checked and its write
 * done in one moment. For hundreds of streams at once, which the emulator is too slow for.
 */
export class LeaseTable {
  readonly #name: string;
  readonly #rows = new Map<string, Row>();

  private constructor(name: string) {
    this.#name = name;
  }

  /** Takes the place of a table in a gateway, until the gateway is reset. */
  static inFrontOf(gateway: AwsGateway, name: string): LeaseTable {
    const table = new LeaseTable(name);
    gateway.failWhen((call) => (table.#concerns(call) && !table.#allows(call) ? REFUSED : undefined));
    gateway.answerWith((call) => (table.#concerns(call) ? table.#answer(call) : undefined));
    return table;
  }

  /** Leases held now. */
  get size(): number {
    return this.#rows.size;
  }

  #concerns({ service, input }: Call): boolean {
    return service === "dynamodb" && input["TableName"] === this.#name;
  }

  /** Whether a write's condition holds: a slot must be free, expired or the writer's own; a lease its holder's. */
  #allows({ operation, input }: Call): boolean {
    const values = (input["ExpressionAttributeValues"] ?? {}) as Row;
    const held = this.#rows.get(slotOf(input["Item"] ?? input["Key"]));
    const own = held !== undefined && held["lease_id"]?.S === values[":id"]?.S;
    if (operation === "DeleteItem") return own;
    if (operation !== "PutItem") return true;
    return held === undefined || own || Number(held["expires_at"]?.N) <= Number(values[":now"]?.N);
  }

  #answer({ operation, input }: Call): string {
    if (operation === "PutItem") this.#rows.set(slotOf(input["Item"]), input["Item"] as Row);
    if (operation === "DeleteItem") this.#rows.delete(slotOf(input["Key"]));
    if (operation !== "Query") return "{}";
    return JSON.stringify({ Items: [...this.#rows.values()], Count: this.#rows.size });
  }
}

function slotOf(key: unknown): string {
  return (key as Row | undefined)?.["slot"]?.S ?? "";
}
