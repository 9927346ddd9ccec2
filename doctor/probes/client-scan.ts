/** AWS clients a program's source makes, by whether they are captured. */
export interface ClientScan {
  readonly captured: readonly string[];
  readonly bare: readonly string[];
  /** AWS services whose clients are bundled into the text, where nothing can be told of single clients. */
  readonly bundled: readonly string[];
  /** Whether anything in the text could record the calls of a bundled client. */
  readonly canRecord: boolean;
}

const CLIENT = /\bnew\s+([A-Z]\w*Client)\s*\(/g;
/** Names that are captured after they were made. */
const CAPTURED_LATER = /\bcaptureAWSv3Client\(\s*(?:this\.)?([\w$#]+)/g;
/** Characters before `new` that are looked at: a name, a type and calls around it. */
const LOOK_BACK = 200;
/** Characters of a type between a name and what it is given. */
const LONGEST_TYPE = 80;
/** `serviceId: config?.serviceId ?? "DynamoDB"`, in whatever form a bundler leaves it. */
const BUNDLED = /\bserviceId:\s{0,20}[^,;{}\n"]{0,90}"([A-Za-z0-9 ]{1,60})"/g;
/** Clients the AWS SDK brings along to get credentials. */
const OF_CREDENTIALS = ["SSO", "SSO OIDC", "STS", "Signin"];
/** Names that survive minifying: the X-Ray SDK's capture, and the API of spans opened by hand. */
const RECORDERS = /\bcaptureAWSv3Client\b|\bstartActiveSpan\b|\bstartSpan\b/;

/** The text without the word at its end, and that word. Walks by hand: a pattern anchored at the end tries every start. */
function withoutWord(text: string, letter: RegExp): readonly [rest: string, word: string] {
  let at = text.length;
  while (at > 0 && letter.test(text.charAt(at - 1))) at -= 1;
  return [text.slice(0, at), text.slice(at)];
}

interface Before {
  /** The call right around it; empty when there is none. */
  readonly around: string;
  /** What its value may be called: the word before it, and the one before its type. */
  readonly names: readonly string[];
}

/** What stands before a `new`. */
function surroundings(before: string): Before {
  let rest = before.trimEnd();
  let around = "";
  while (rest.endsWith("(")) {
    const [further, called] = withoutWord(rest.slice(0, -1).trimEnd(), /[\w$.]/);
    around ||= called;
    rest = further.trimEnd();
  }
  if (rest.endsWith("=")) rest = rest.slice(0, -1).trimEnd();
  const colon = rest.lastIndexOf(":");
  const type = rest.slice(colon + 1);
  const isType = colon >= 0 && type.length <= LONGEST_TYPE && !/[=;\n]/.test(type);
  const named = isType ? [rest, rest.slice(0, colon).trimEnd()] : [rest];
  return { around, names: named.map((one) => withoutWord(one, /[\w$#]/)[1]) };
}

/**
 * Finds `new …Client(` of packages `@aws-sdk/client-*` and whether `captureAWSv3Client` is put around it, at once or
 * around its name later on. Takes time in proportion to the text.
 */
export function scanClients(text: string): ClientScan {
  const services = [...text.matchAll(BUNDLED)].map(([, service = ""]) => service);
  const bundled = [...new Set(services)].filter((service) => !OF_CREDENTIALS.includes(service));
  const canRecord = RECORDERS.test(text);
  if (bundled.length > 0 || !text.includes("@aws-sdk/client-"))
    return { captured: [], bare: [], bundled, canRecord };
  const later = new Set([...text.matchAll(CAPTURED_LATER)].map(([, name = ""]) => name));
  const captured = new Set<string>();
  const bare = new Set<string>();
  for (const { index, 1: client = "" } of text.matchAll(CLIENT)) {
    const { around, names } = surroundings(text.slice(Math.max(0, index - LOOK_BACK), index));
    const isCaptured = /(?:^|\.)captureAWSv3Client$/.test(around) || names.some((name) => later.has(name));
    (isCaptured ? captured : bare).add(client);
  }
  return { captured: [...captured], bare: [...bare], bundled, canRecord };
}
