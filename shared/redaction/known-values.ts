import { findIps } from "./find-address.ts";
import { findSecrets } from "./find-secret.ts";
import { LiteralFinder, type Literal } from "./literal-finder.ts";
import { normaliseValue } from "./normalise.ts";
import type { Original, Sensitive } from "./sensitive.ts";

/** What values that are known already look like, wherever they stand and however they are spelt. */
export class KnownValues {
  readonly #finders: readonly LiteralFinder<Original>[];
  readonly #ips: ReadonlyMap<string, Original>;
  readonly #plainSecrets: ReadonlyMap<string, Original>;

  constructor(originals: readonly Original[]) {
    const of = (...kinds: Original["kind"][]) =>
      originals.filter(({ kind }) => kinds.includes(kind));
    const secrets = of("secret");
    this.#finders = [
      new LiteralFinder("name", of("name").map(whole)),
      new LiteralFinder("exact", [
        ...of("email").map(whole),
        ...secrets.filter(({ value }) => isTelling(value)).map(literalOfSecret),
      ]),
      new LiteralFinder("compact", of("phone", "mac", "card", "iban").flatMap(compactSpellings)),
    ];
    this.#ips = byForm(of("ip"));
    this.#plainSecrets = byForm(secrets.filter(({ value }) => !isTelling(value)));
  }

  /** Every place of a known value; the value is the known one, not its spelling here. */
  find(text: string): Sensitive[] {
    return [
      ...this.#finders.flatMap((finder) =>
        finder.find(text).map(({ start, end, item }) => ({ ...item, start, end })),
      ),
      ...known(this.#ips, () => findIps(text, true)),
      ...known(this.#plainSecrets, () => findSecrets(text)),
    ];
  }
}

function known(values: ReadonlyMap<string, Original>, find: () => Sensitive[]): Sensitive[] {
  if (values.size === 0) return [];
  return find().flatMap((item) => {
    const value = values.get(normaliseValue(item.kind, item.value));
    return value ? [{ ...item, value: value.value }] : [];
  });
}

function byForm(originals: readonly Original[]): Map<string, Original> {
  return new Map(originals.map((item) => [normaliseValue(item.kind, item.value), item]));
}

function whole(item: Original): Literal<Original> {
  return { text: item.value, item: { kind: item.kind, value: item.value }, whole: true };
}

function literalOfSecret(item: Original): Literal<Original> {
  const { value } = item;
  const random = value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value);
  return { ...whole(item), whole: !random };
}

/** Digits and letters alone; a phone number also with `00` or without anything before its country. */
function compactSpellings(item: Original): Literal<Original>[] {
  const form = normaliseValue(item.kind, item.value);
  const written = item.value.replace(/[^\p{L}\p{N}]/gu, "");
  const spellings = item.kind === "phone" ? [form, `00${form}`, written] : [form];
  return [...new Set(spellings)].map((text) => ({ ...whole(item), text }));
}

/** A password such as `admin` or `1234` gives nothing away where it is not used as one. */
function isTelling(secret: string): boolean {
  if (secret.length < 6) return false;
  return secret.length >= 8 || !/^(?:\p{L}+|\d+)$/u.test(secret);
}
