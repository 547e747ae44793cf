/** What says by its name that it holds a secret, whatever the secret looks like. */
const STRONG_WORDS = new Set(
  "password passwd passwort kennwort pwd passphrase passcode secret apikey secretkey accesskey privatekey clientsecret authtoken accesstoken refreshtoken apitoken accountkey sharedaccesskey".split(
    " ",
  ),
);
const STRONG_PAIRS = new Set([
  ..."api secret access private auth account encryption signing master shared license"
    .split(" ")
    .map((word) => `${word} key`),
  ..."auth access refresh id session api bearer security personal bot deploy"
    .split(" ")
    .map((word) => `${word} token`),
  ..."db database user smtp mysql root admin".split(" ").map((word) => `${word} pass`),
]);

/** What may hold a secret: only a value that looks random counts. */
const WEAK_WORDS = new Set(
  "token key auth secrets signature sig session sessionid sid jsessionid phpsessid cookie credential credentials cred nonce salt hmac sas pass".split(
    " ",
  ),
);
/** `primary_key`, `cache key`, `page_token` and the like are no secrets. */
const HARMLESS_BEFORE = new Set(
  "primary foreign cache partition sort idempotency public group dedup join shard row message object storage unique hash registry routing map dict page next continuation cancel cancellation host index pub etag".split(
    " ",
  ),
);
/** `password_prod`, `token2`, `secret-base64`. */
const QUALIFIER =
  /^(?:\d+|hash|value|plain|base64|b64|prod|production|staging|dev|test|old|new|current|live|default)$/;

/** Part of every word above: most names are told apart without cutting them into words. */
const HINT =
  /pass|pwd|kennwort|secret|key|token|auth|sig|sess|sid|cookie|cred|nonce|salt|hmac|sas/i;

/** How much the name of a field tells: of a secret for certain, perhaps, or nothing. */
export function secrecyOfName(name: string): "strong" | "weak" | "none" {
  if (!HINT.test(name)) return "none";
  const words = wordsOf(name);
  while (words.length > 1 && QUALIFIER.test(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (STRONG_WORDS.has(last) || STRONG_PAIRS.has(`${before} ${last}`)) return "strong";
  return WEAK_WORDS.has(last) && !HARMLESS_BEFORE.has(before) ? "weak" : "none";
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z\d])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
}

const PLACEHOLDER =
  /^(?:true|false|null|none|nil|undefined|nan|yes|no|on|off|[01]|enabled|disabled|required|optional|invalid|expired|wrong|missing|incorrect|empty|unset|set|redacted|hidden|masked|unknown|string|str|text|varchar|bytes|bool|boolean|number|int|any|object|char|x+|[*•.#?_(){}[\]-]+|%[sdv]|:[a-z_]+|@[a-z_]+|\{\{.*|<.*|\[(?:redacted|filtered|hidden|masked|email|phone|ip|mac|card|iban|secret|name)\b.*)$/i;
const VARIABLE = /^\$(?:\{.*|\(.*|[A-Z_][A-Z\d_]*|\d+)$/;
const CODE = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/;

/** Can this be a secret under a name that says so: no placeholder, type name, variable or call. */
export function isSecretValue(value: string): boolean {
  if (PLACEHOLDER.test(value) || VARIABLE.test(value)) return false;
  if (/^[\w.$]+\($/.test(value)) return false;
  if (!CODE.test(value)) return true;
  return (
    secrecyOfName(value) === "none" &&
    !/^(?:process|os|env|config|self|this|req|args)\./i.test(value)
  );
}

/** Long, and neither words nor a path nor a plain number: random hex or base64. */
export function looksRandom(value: string): boolean {
  if (!/^[\w+/.~-]{16,8192}={0,2}$/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || entropyOf(value) < 3) return false;
  if (/^[\da-f]+$/i.test(value)) return true;
  if (!/[A-Z]/.test(value) || !/[a-z]/.test(value)) return false;
  return changesOf(value) * 4 >= value.length;
}

/** Shannon entropy in bits per character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** How often the class (lower case, capital, digit, other) changes from one character to the next. */
function changesOf(value: string): number {
  const classes = value.replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A").replace(/\d/g, "0");
  let changes = 0;
  for (let i = 1; i < classes.length; i++)
    if (classes.charAt(i) !== classes.charAt(i - 1)) changes++;
  return changes;
}
