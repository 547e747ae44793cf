import fc from "fast-check";
import { expect, test } from "vitest";
import { REDACTION_KINDS, type RedactionKind } from "../../../shared/redaction/detectors.ts";
import { previewRedaction } from "../../../shared/redaction/preview.ts";
import { Pseudonyms } from "../../../shared/redaction/pseudonyms.ts";
import { redactText, redactValue } from "../../../shared/redaction/redact-value.ts";
import { findOriginals } from "../../../shared/redaction/search-originals.ts";

const redactionOf = (names: readonly string[] = [], pseudonyms = new Pseudonyms()) => ({
  kinds: REDACTION_KINDS,
  names,
  pseudonyms,
});

test("all spellings of a value have one pseudonym, numbered as they appear", () => {
  const text = [
    "bob@example.org BOB@Example.org ann@example.org",
    "+49 30 901820 0049-30-901820 +49 (0)30 901820",
    "2001:db8::1 2001:DB8:0:0:0:0:0:1 10.0.0.1 ip-10-0-0-1",
    "DE89 3704 0044 0532 0130 00 DE89370400440532013000",
    "aa:bb:cc:dd:ee:ff aabb.ccdd.eeff",
    "Zoë Müller, zoe muller",
  ].join("\n");
  expect(redactText(text, redactionOf(["Zoë Müller"])).split("\n")).toEqual([
    "[email 1] [email 1] [email 2]",
    "[phone 1] [phone 1] [phone 1]",
    "[ip 1] [ip 1] [ip 2] ip-[ip 2]",
    "[iban 1] [iban 1]",
    "[mac 1] [mac 1]",
    "[name 1], [name 1]",
  ]);
});

test("pseudonyms of earlier exports keep their numbers and new ones come after", () => {
  const first = redactionOf();
  redactText("ann@example.org bob@example.org", first);
  const second = redactionOf([], new Pseudonyms(first.pseudonyms.entries()));
  expect(redactText("carl@example.org bob@example.org", second)).toBe("[email 3] [email 2]");
  expect(second.pseudonyms.entries().map(({ value, count }) => [value, count])).toEqual([
    ["ann@example.org", 0],
    ["bob@example.org", 1],
    ["carl@example.org", 1],
  ]);
});

test("a value is redacted in texts, lists and names of properties; the rest stays", () => {
  const bytes = new Uint8Array([1, 2]);
  const when = new Date(0);
  const value = {
    title: "bob@example.org",
    rows: [["10.0.0.1", 5, null, true, 7n], { "bob@example.org": 1, "BOB@example.org": 2 }],
    sha256: "10.0.0.1",
    bytes,
    when,
    byHost: new Map([["10.0.0.1", new Set(["10.0.0.2"])]]),
    password: "hunter2",
    note: "they typed hunter2 there",
    none: undefined,
  };
  const before = structuredClone(value);
  const redacted = redactValue(value, { ...redactionOf(), keep: new Set(["sha256"]) });
  expect(redacted).toEqual({
    title: "[email 1]",
    rows: [["[ip 1]", 5, null, true, 7n], { "[email 1]": 1, "[email 1] (2)": 2 }],
    sha256: "10.0.0.1",
    bytes,
    when,
    byHost: new Map([["[ip 1]", new Set(["[ip 2]"])]]),
    password: "[secret 1]",
    note: "they typed [secret 1] there",
    none: undefined,
  });
  expect(redacted.bytes).toBe(bytes);
  expect(value).toEqual(before);
});

test("what is found in a late text is replaced in an early one", () => {
  const value = ["used hunter2 and 030 1234567", "password=hunter2", "tel 030/1234567"];
  expect(redactValue(value, redactionOf())).toEqual([
    "used [secret 1] and [phone 1]",
    "password=[secret 1]",
    "tel [phone 1]",
  ]);
});

test("a password that is a common word hides where it is used as one, and nowhere else", () => {
  const redaction = redactionOf();
  const text = redactText("password=admin\nadmin logged in, password: admin", redaction);
  expect(text).toBe("password=[secret 1]\nadmin logged in, password: [secret 1]");
  expect(findOriginals(text, redaction.pseudonyms.entries())).toEqual([]);
  expect(findOriginals("password=admin", redaction.pseudonyms.entries())).toHaveLength(1);
});

test("escaped texts stay well formed", () => {
  const json = JSON.stringify({ text: 'first\nann@example.org\t"Ann Lee"', password: 'a"b\\c' });
  const redacted = redactText(json, redactionOf(["Ann Lee"]));
  expect(JSON.parse(redacted)).toEqual({
    text: 'first\n[email 1]\t"[name 1]"',
    password: "[secret 1]",
  });
});

test("without kinds nothing is touched, and words of pseudonyms may be names", () => {
  const value = { text: "bob@example.org" };
  expect(redactValue(value, { ...redactionOf(), kinds: [] })).toBe(value);
  const redaction = redactionOf(["name", "email", "1"]);
  const text = redactText("the email of bob@example.org", redaction);
  expect(text).toBe("the [name 1] of [email 1]");
  expect(redactText(text, redaction)).toBe(text);
  expect(findOriginals(text, redaction.pseudonyms.entries())).toEqual([]);
});

test("the preview tells what an export replaces, and gives no pseudonyms itself", () => {
  const value = {
    title: "Ann Lee wrote",
    rows: ["from 10.0.0.1 to 10.0.0.2", "10.0.0.1", "10.0.0.1", "10.0.0.1"],
  };
  const redaction = redactionOf(["Ann Lee"]);
  const preview = previewRedaction(value, redaction);
  expect(redaction.pseudonyms.entries()).toEqual([]);
  expect(preview.total).toBe(6);
  expect(preview.byKind).toMatchObject({ name: 1, ip: 5, email: 0 });
  expect(preview.items[1]).toEqual({
    kind: "ip",
    value: "10.0.0.1",
    pseudonym: "[ip 1]",
    count: 4,
    where: [
      { path: "rows[0]", excerpt: "from 10.0.0.1 to 10.0.0.2" },
      { path: "rows[1]", excerpt: "10.0.0.1" },
      { path: "rows[2]", excerpt: "10.0.0.1" },
    ],
  });
  redactValue(value, redaction);
  expect(redaction.pseudonyms.entries()).toEqual(
    preview.items.map(({ kind, value, pseudonym, count }) => ({ kind, value, pseudonym, count })),
  );
});

// Values as people and programs write them; each is sensitive wherever it stands.
const digits = (n: number) => fc.stringMatching(new RegExp(`^[0-9]{${n}}$`));
const word = fc.stringMatching(/^[a-z]{2,9}$/);
const octet = fc.integer({ min: 0, max: 255 });
const hexGroup = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const secretText = fc.stringMatching(/^[A-Za-z0-9!%^*+=_-]{8,30}[A-Za-z0-9]$/);

interface Written {
  readonly kind: RedactionKind;
  readonly value: string;
  readonly text: string;
}

const as = (kind: RedactionKind, arbitrary: fc.Arbitrary<string>): fc.Arbitrary<Written> =>
  arbitrary.map((value) => ({ kind, value, text: value }));

function luhnDigit(payload: string): string {
  for (let digit = 0; digit < 10; digit++) {
    const sum = Array.from(payload + String(digit))
      .reverse()
      .map((d, i) => Number(d) * (i % 2 === 0 ? 1 : 2))
      .reduce((total, n) => total + (n > 9 ? n - 9 : n), 0);
    if (sum % 10 === 0) return String(digit);
  }
  throw new Error("no digit");
}

function ibanOf(country: string, account: string): string {
  const numbers = Array.from(account + country + "00")
    .map((c) => parseInt(c, 36))
    .join("");
  return country + String(98n - (BigInt(numbers) % 97n)).padStart(2, "0") + account;
}

const NAMES = ["Ann Lee", "Zoë Müller", "Al", "db-07.internal", "Contoso"];

const sensitive = fc.oneof(
  as(
    "email",
    fc.tuple(word, word, word).map(([a, b, c]) => `${a}.${b}@${c}.example.org`),
  ),
  as(
    "phone",
    fc.tuple(digits(3), digits(4)).map(([a, b]) => `+49 30 ${a} ${b}`),
  ),
  as(
    "phone",
    fc.tuple(digits(3), digits(4)).map(([a, b]) => `555-${a}-${b}`),
  ),
  as(
    "ip",
    fc.tuple(octet, octet, octet, octet).map((parts) => parts.join(".")),
  ),
  as(
    "ip",
    fc.tuple(hexGroup, hexGroup, hexGroup).map(([a, b, c]) => `2001:db8:${a}::${b}:${c}`),
  ),
  as(
    "mac",
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
      .map((pairs) => pairs.map((n) => n.toString(16).padStart(2, "0")).join(":")),
  ),
  as(
    "card",
    digits(14).map((d) => `4${d}${luhnDigit(`4${d}`)}`),
  ),
  as(
    "iban",
    digits(18).map((d) => ibanOf("DE", d).replace(/(.{4})(?=.)/g, "$1 ")),
  ),
  as("name", fc.constantFrom(...NAMES)),
  as(
    "secret",
    digits(36).map((d) => `ghp_${d}`),
  ),
  secretText.map((value) => ({ kind: "secret" as const, value, text: `password="${value}"` })),
);

const prose = fc.oneof(
  fc.constantFrom(
    "the service failed",
    "retry",
    "SELECT 1 FROM x;",
    "at 12:30:45 UTC",
    "99.5 %",
    "—",
  ),
  fc.lorem({ maxCount: 3 }),
);
const separator = fc.constantFrom(" ", "\n", ", ", " (", ") ", "; ", " | ", "\t");

test("no value survives, and redacting twice is redacting once", () => {
  const part = fc.oneof(
    prose.map((text) => ({ text, item: null })),
    sensitive.map((item) => ({ text: item.text, item })),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(part, separator), { maxLength: 14 }), (parts) => {
      const text = parts.map(([{ text }, between]) => text + between).join("");
      const values = parts.flatMap(([{ item }]) => item ?? []);
      const redaction = redactionOf(NAMES);
      const once = redactText(text, redaction);
      expect(findOriginals(once, values)).toEqual([]);
      for (const { value } of values.filter(({ kind }) => kind !== "name"))
        expect(once.includes(value)).toBe(false);
      expect(redactText(once, redaction)).toBe(once);
      expect(redactText(once, redactionOf(NAMES))).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

test("also in text that is no prose: pieces of values, escapes and pseudonyms, glued together", () => {
  const piece = fc.oneof(
    sensitive.map(({ text }) => text),
    fc.constantFrom(
      "%40",
      "&amp;",
      "&#39;",
      "\\n",
      "\\",
      '\\"',
      "\u00ad",
      "\u200b",
      "::",
      "+49 ",
      "@",
    ),
    fc.constantFrom(
      "[email 1]",
      "[name 2",
      "1]",
      "password=",
      "token: ",
      "-----BEGIN PRIVATE KEY-----",
    ),
    fc.constantFrom(
      "Bearer ",
      "://a:",
      "ann@x.org",
      "10.0.0.1",
      "v",
      "0",
      "-",
      ".",
      "_",
      " ",
      "Ann",
      "Lee",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const redaction = redactionOf(NAMES);
      const once = redactText(pieces.join(""), redaction);
      expect(findOriginals(once, redaction.pseudonyms.entries())).toEqual([]);
      expect(redactText(once, redaction)).toBe(once);
    }),
    { numRuns: 3000 },
  );
});

test("a value redacted text by text is clean as a whole", () => {
  fc.assert(
    fc.property(fc.array(sensitive, { maxLength: 8 }), fc.array(prose), (items, words) => {
      const redaction = redactionOf(NAMES);
      const value = {
        rows: items.map(({ text }, i) => ({ [text]: `${words[i] ?? ""} ${text}` })),
        values: items.map(({ kind, value }) => (kind === "secret" ? `seen ${value} there` : value)),
      };
      const redacted = JSON.stringify(redactValue(value, redaction));
      expect(findOriginals(redacted, items)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("a report of five megabytes", () => {
  const line =
    '2024-05-01T12:30:45.123Z INFO [worker-7] GET /api/v1/orders/48213?user=bob%40example.org 200 12.5ms from 10.0.0.1 "ok"\n';
  const text = line.repeat(Math.ceil((5 << 20) / line.length));
  const redacted = redactText(text, redactionOf(NAMES));
  expect(redacted.slice(0, redacted.indexOf("\n"))).toBe(
    '2024-05-01T12:30:45.123Z INFO [worker-7] GET /api/v1/orders/48213?user=[email 1] 200 12.5ms from [ip 1] "ok"',
  );
  expect(findOriginals(redacted, [{ kind: "email", value: "bob@example.org" }])).toEqual([]);
});
