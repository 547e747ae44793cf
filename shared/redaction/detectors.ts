import { findInViews } from "./decoded-views.ts";
import { findCards, findIbans } from "./find-account.ts";
import { findIps, findMacs } from "./find-address.ts";
import { findEmails } from "./find-email.ts";
import { findPhones } from "./find-phone.ts";
import { findSecrets } from "./find-secret.ts";
import { KnownValues } from "./known-values.ts";
import { withoutMarkers } from "./markers.ts";
import type { RedactionKind, Sensitive } from "./sensitive.ts";

export { REDACTION_KINDS, type RedactionKind, type Sensitive } from "./sensitive.ts";

export interface DetectionOptions {
  readonly kinds: readonly RedactionKind[];
  /** Literal strings to hide: persons, hosts, customers. */
  readonly names: readonly string[];
}

const FINDERS: Readonly<Record<Exclude<RedactionKind, "name">, (text: string) => Sensitive[]>> = {
  email: findEmails,
  phone: findPhones,
  ip: (text) => findIps(text),
  mac: findMacs,
  card: findCards,
  iban: findIbans,
  secret: findSecrets,
};

/** Of two that overlap the first of these stays. */
const PRECEDENCE: readonly RedactionKind[] = [
  "secret",
  "email",
  "iban",
  "card",
  "mac",
  "ip",
  "phone",
  "name",
];

/**
 * Sensitive values in a text, from left to right, without overlap: the larger
 * of two of which one holds the other, else by precedence. Percent, HTML and
 * JSON escapes are seen through. Pseudonyms that stand in the text already
 * are left alone. `known` adds values found elsewhere. Linear in the text.
 */
export function findSensitive(
  text: string,
  { kinds, names }: DetectionOptions,
  known?: KnownValues,
): Sensitive[] {
  const listed = kinds.includes("name") ? knownNames(names) : null;
  const candidates = findInViews(text, (view) =>
    withoutMarkers(view, [
      ...kinds.flatMap((kind) => (kind === "name" ? [] : FINDERS[kind](view))),
      ...(listed?.find(view) ?? []),
      ...(known?.find(view) ?? []),
    ]),
  );
  return withoutOverlap(withoutEscapeLetters(text, candidates));
}

const finders = new WeakMap<readonly string[], KnownValues>();

function knownNames(names: readonly string[]): KnownValues {
  let finder = finders.get(names);
  if (!finder) {
    finder = new KnownValues(names.map((value) => ({ kind: "name", value })));
    finders.set(names, finder);
  }
  return finder;
}

/** In `\nann@example.org` the `n` is no part of the address when the escape is decoded. */
function withoutEscapeLetters(text: string, candidates: readonly Sensitive[]): Sensitive[] {
  const places = new Set(candidates.map(({ start, end }) => `${start} ${end}`));
  return candidates.filter(
    ({ start, end }) =>
      text[start - 1] !== "\\" ||
      !/[nrt]/.test(text.charAt(start)) ||
      !places.has(`${start + 1} ${end}`),
  );
}

function withoutOverlap(candidates: readonly Sensitive[]): Sensitive[] {
  const rank = ({ kind }: Sensitive) => PRECEDENCE.indexOf(kind);
  const ordered = candidates
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end || rank(a) - rank(b));
  const kept: Sensitive[] = [];
  let reach = 0;
  for (const item of ordered) {
    if (item.end <= reach) continue; // inside an earlier one
    reach = item.end;
    const last = kept.at(-1);
    if (!last || item.start >= last.end) kept.push(item);
    else if (rank(item) < rank(last)) kept[kept.length - 1] = item;
  }
  return kept;
}
