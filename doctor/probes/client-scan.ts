/** AWS clients a program's source makes, by whether they are captured. */
export interface ClientScan {
  readonly captured: readonly string[];
  readonly bare: readonly string[];
  /** AWS services whose clients are bundled into the text, where nothing can be told of single clients. */
  readonly bundled: readonly string[];
  /** Whether anything in the text could record the calls of a bundled client. */
  readonly canRecord: boolean;
}

const CLIENT =
  /(?:(?:const|let|var|readonly)\s+|this\.)?([\w$#]*)\s*(?::[^=\n]{1,80})?(?:=\s*)?((?:[\w$.]+\(\s*)*)new\s+([A-Z]\w*Client)\s*\(/g;
const CAPTURE = /captureAWSv3Client\(\s*$/;
/** `serviceId: config?.serviceId ?? "DynamoDB"`, in whatever form a bundler leaves it. */
const BUNDLED = /\bserviceId:\s*[^,;{}\n"]{0,90}"([A-Za-z0-9 ]{1,60})"/g;
/** Clients the AWS SDK brings along to get credentials. */
const OF_CREDENTIALS = ["SSO", "SSO OIDC", "STS", "Signin"];
/** Names that survive minifying: the X-Ray SDK's capture, and the API of spans opened by hand. */
const RECORDERS = /\bcaptureAWSv3Client\b|\bstartActiveSpan\b|\bstartSpan\b/;

/**
 * Finds `new …Client(` of packages `@aws-sdk/client-*` and whether `captureAWSv3Client` is put around it, at once or
 * around its name later on.
 */
export function scanClients(text: string): ClientScan {
  const services = [...text.matchAll(BUNDLED)].map(([, service = ""]) => service);
  const bundled = [...new Set(services)].filter((service) => !OF_CREDENTIALS.includes(service));
  const canRecord = RECORDERS.test(text);
  if (bundled.length > 0 || !text.includes("@aws-sdk/client-"))
    return { captured: [], bare: [], bundled, canRecord };
  const captured = new Set<string>();
  const bare = new Set<string>();
  for (const [, name = "", around = "", client = ""] of text.matchAll(CLIENT)) {
    const later =
      name !== "" &&
      new RegExp(`captureAWSv3Client\\(\\s*(?:this\\.)?${name.replace(/[$#]/g, "\\$&")}\\b`).test(text);
    (CAPTURE.test(around) || later ? captured : bare).add(client);
  }
  return { captured: [...captured], bare: [...bare], bundled, canRecord };
}
