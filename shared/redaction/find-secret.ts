import { isSecretValue, looksRandom, secrecyOfName } from "./secret-names.ts";
import { sensitiveAt, type Sensitive } from "./sensitive.ts";

const PEM_LINE = /-----(BEGIN|END) [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** The lines of a block that was cut off before its end. */
const PEM_BODY = /(?:(?:\s|\\[nr])+[A-Za-z\d+/=]{16,})*/y;

const LONGEST_PEM = 65_536;

/** Tokens that their issuer gave a recognisable shape. */
const SHAPES = [
  // AWS access key ids
  String.raw`(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|APKA)[A-Z\d]{16}(?![A-Za-z\d])`,
  // GitHub, GitLab
  String.raw`gh[pousr]_[A-Za-z\d]{36,255}`,
  String.raw`github_pat_\w{22,255}`,
  String.raw`gl(?:pat|dt|rt|ft|soat|cbt)-[\w-]{20,255}`,
  // Slack
  String.raw`xox[abeposr](?:\.xox[bp])?-[A-Za-z\d-]{10,255}`,
  String.raw`xapp-[A-Za-z\d-]{10,255}`,
  String.raw`(?<=hooks\.slack\.com/services/)[A-Z\d]{6,15}/[A-Z\d]{6,15}/[A-Za-z\d]{16,40}`,
  // Google, Stripe, OpenAI, Anthropic, npm, PyPI, Hugging Face, SendGrid, DigitalOcean, Telegram
  String.raw`AIza[\w-]{35}`,
  String.raw`ya29\.[\w-]{20,2048}`,
  String.raw`[prs]k_(?:live|test)_[A-Za-z\d]{16,255}`,
  String.raw`whsec_[A-Za-z\d+/=]{16,255}`,
  String.raw`sk-(?:[A-Za-z\d]{20,255}|(?:ant|proj|svcacct|or)-[\w-]{20,255})`,
  String.raw`npm_[A-Za-z\d]{36}`,
  String.raw`pypi-[\w-]{50,1024}`,
  String.raw`hf_[A-Za-z\d]{30,64}`,
  String.raw`SG\.[\w-]{16,64}\.[\w-]{16,64}`,
  String.raw`do[opr]_v1_[a-f\d]{64}`,
  String.raw`\d{8,10}:AA[\w-]{33}`,
  // JSON Web Tokens (RFC 7519), signed or encrypted
  String.raw`eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+){0,3}`,
];
const TOKEN = new RegExp(String.raw`(?<![A-Za-z\d])(?:${SHAPES.join("|")})`, "g");

const BEARER = /(?<![\w-])bearer\s{1,3}([\w.~+/-]{8,4096}={0,2})/gi;
/** `scheme://user:password@host` */
const URL_PASSWORD = /:\/\/[^\s:/@"'<>]{0,128}:([^\s/?#"'<>]{1,256})@/g;
/** `PASSWORD 'x'`, `IDENTIFIED BY 'x'` in SQL. */
const SQL_PASSWORD = /(?<!\w)(?:password|identified by)\s{1,3}'([^'\n]{1,512})'/gi;
const XML_FIELD = /<([\w:.-]{2,64})>([^<\n]{1,512})<\//g;
/** `--password x` on a command line. */
const ARGUMENT = /(?<![\w-])--?([A-Za-z][\w-]{1,63}) (["']?)([^\s"'-][^\s"']{0,1023})\2/g;

const FIELD = /(?<![\w.-])([\w.-]{2,256})(?:\\{0,3}["'])?\]?\s{0,3}(?:=>|:=|==?|:(?!:))/g;
const FIELD_GAP = /[ \t]{0,3}/y;
const QUOTED = /(\\{0,3})(["'`])((?:(?!\1\2)[^\n]){1,16384})\1\2/y;
const QUOTED_ESCAPED = /(["'`])((?:(?!\1)[^\\\n]|\\.){1,16384})\1/y;
const SCHEME = /(?:basic|bearer|token|apikey|digest|negotiate)\s{1,3}/iy;
const BARE = /[^\s,;&"'`<>|]+/y;
/** What `looksRandom` may take for a secret; stops at the next `=`, so that no text is read twice. */
const BARE_RANDOM = /[\w+/.~-]{1,8192}={0,2}/y;

/**
 * Passwords, tokens and keys: private key blocks in PEM, tokens of a known
 * shape, `Bearer` and `Basic` credentials, passwords in URLs, SQL and
 * arguments, and what stands after a name such as `api_key=`. Under names that
 * say less (`token`, `key`, `session`) only a random value counts. The lists
 * of the sources may overlap.
 */
export function findSecrets(text: string): Sensitive[] {
  return [
    ...findPemBlocks(text),
    ...Array.from(text.matchAll(TOKEN), ({ index, 0: match }) =>
      sensitiveAt(text, "secret", index, index + match.length),
    ),
    ...findCredentials(text),
    ...findFields(text),
  ];
}

function findPemBlocks(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  let begin = -1;
  const close = (end: number) => {
    if (begin >= 0) found.push(sensitiveAt(text, "secret", begin, end));
    begin = -1;
  };
  const endOfBody = (from: number) => {
    PEM_BODY.lastIndex = from;
    return from + (PEM_BODY.exec(text)?.[0].length ?? 0);
  };
  let bodyEnd = 0;
  for (const { index, 0: line, 1: kind } of text.matchAll(PEM_LINE)) {
    if (kind === "END") {
      close(index - begin < LONGEST_PEM ? index + line.length : bodyEnd);
      continue;
    }
    close(bodyEnd);
    begin = index;
    bodyEnd = endOfBody(index + line.length);
  }
  close(bodyEnd);
  return found;
}

function findCredentials(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  const add = (end: number, value: string) =>
    found.push(sensitiveAt(text, "secret", end - value.length, end));
  for (const { index, 0: match, 1: value = "" } of text.matchAll(BEARER))
    if (isCredential(value)) add(index + match.length, value);
  for (const { index, 0: match, 1: value = "" } of text.matchAll(URL_PASSWORD))
    if (isSecretValue(value)) add(index + match.length - 1, value);
  for (const { index, 0: match, 1: value = "" } of text.matchAll(SQL_PASSWORD))
    if (isSecretValue(value)) add(index + match.length - 1, value);
  for (const { index, 0: match, 1: name = "", 2: quote = "", 3: value = "" } of text.matchAll(
    ARGUMENT,
  ))
    if (isSecretField(name, value)) add(index + match.length - quote.length, value);
  for (const { index, 0: match, 1: name = "", 2: value = "" } of text.matchAll(XML_FIELD))
    if (isSecretField(name, value)) add(index + match.length - 2, value);
  return found;
}

/** `Bearer authentication` is words, `AWS4-HMAC-SHA256` the name of a method. */
function isCredential(value: string): boolean {
  if (value.length < 8 || value.startsWith("AWS4-")) return false;
  return /\d/.test(value) || /[a-z][A-Z]/.test(value) || value.length >= 24;
}

function isSecretField(name: string, value: string): boolean {
  const secrecy = secrecyOfName(name);
  if (secrecy === "none" || !isSecretValue(value)) return false;
  return secrecy === "strong" || looksRandom(value) || isLoosePassword(name, value);
}

/** `pass=hunter2` is a password, `pass: 12` a count. */
function isLoosePassword(name: string, value: string): boolean {
  return /(?:^|[^a-z])pass$/i.test(name) && /^(?=.*[a-z])(?=.*\d).{6,}$/i.test(value);
}

function findFields(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match; match = FIELD.exec(text)) {
    const name = match[1] ?? "";
    const header = /authorization$/i.test(name);
    const secrecy = header ? "strong" : secrecyOfName(name);
    if (secrecy === "none") continue;
    const end = FIELD.lastIndex;
    FIELD_GAP.lastIndex = end;
    const at = end + (FIELD_GAP.exec(text)?.[0].length ?? 0);
    const value =
      quotedValue(text, at) ??
      bareValue(text, at, match[0].endsWith(":"), secrecy === "strong" ? BARE : BARE_RANDOM);
    if (value === null) continue;
    if (header ? isCredential(value.value) : isSecretField(name, value.value)) {
      found.push(value);
      FIELD.lastIndex = value.end;
    }
  }
  return found;
}

function quotedValue(text: string, at: number): Sensitive | null {
  QUOTED_ESCAPED.lastIndex = at;
  const plain = QUOTED_ESCAPED.exec(text)?.[2];
  if (plain !== undefined) return withoutScheme(text, at + 1, at + 1 + plain.length);
  QUOTED.lastIndex = at;
  const match = QUOTED.exec(text);
  if (match === null) return null;
  const [, slashes = "", , value = ""] = match;
  const start = at + slashes.length + 1;
  return withoutScheme(text, start, start + value.length);
}

/** After `password: ` a lone word counts, the first word of a sentence does not. */
function bareValue(text: string, at: number, colon: boolean, shape: RegExp): Sensitive | null {
  SCHEME.lastIndex = at;
  const start = SCHEME.test(text) ? SCHEME.lastIndex : at;
  shape.lastIndex = start;
  const value = withoutTrailing(shape.exec(text)?.[0] ?? "");
  if (value === "") return null;
  const end = start + value.length;
  if (colon && /^\p{L}+$/u.test(value) && /^[ \t]+[^\s,;#]/.test(text.slice(end, end + 16)))
    return null;
  return sensitiveAt(text, "secret", start, end);
}

/** Without the stop and the brackets of the sentence around it. */
function withoutTrailing(value: string): string {
  let end = value.length;
  while (end > 1 && ".)]}".includes(value.charAt(end - 1))) end--;
  return value.slice(0, end);
}

function withoutScheme(text: string, start: number, end: number): Sensitive {
  SCHEME.lastIndex = start;
  const from = SCHEME.test(text) && SCHEME.lastIndex < end ? SCHEME.lastIndex : start;
  return sensitiveAt(text, "secret", from, end);
}
