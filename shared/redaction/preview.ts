import { Pseudonyms } from "./pseudonyms.ts";
import { redactNoting, type Redaction, type Replacement } from "./redact-value.ts";
import { REDACTION_KINDS, type RedactionKind } from "./sensitive.ts";

export interface PreviewItem {
  readonly kind: RedactionKind;
  readonly value: string;
  readonly pseudonym: string;
  readonly count: number;
  /** The first places: the path in the value, and the words around. */
  readonly where: readonly { readonly path: string; readonly excerpt: string }[];
}

/** What a redaction would replace, in the order of first appearance. */
export interface RedactionPreview {
  readonly total: number;
  readonly byKind: Readonly<Record<RedactionKind, number>>;
  readonly items: readonly PreviewItem[];
}

const MOST_PLACES = 3;
const WORDS_AROUND = 40;
const LONGEST_VALUE = 120;

/** What `redactValue` would replace, with the pseudonyms that it would give; gives none itself. */
export function previewRedaction(value: unknown, redaction: Redaction): RedactionPreview {
  const pseudonyms = new Pseudonyms(redaction.pseudonyms.entries());
  const places = new Map<string, { path: string; excerpt: string }[]>();
  redactNoting(value, { ...redaction, pseudonyms }, (replacement) => {
    const where = places.get(replacement.pseudonym) ?? [];
    places.set(replacement.pseudonym, where);
    if (where.length < MOST_PLACES)
      where.push({ path: replacement.path, excerpt: excerptOf(replacement) });
  });
  const items = pseudonyms
    .entries()
    .filter(({ count }) => count > 0)
    .map((entry) => ({ ...entry, where: places.get(entry.pseudonym) ?? [] }));
  const byKind = Object.fromEntries(
    REDACTION_KINDS.map((kind) => [kind, sumOf(items.filter((item) => item.kind === kind))]),
  ) as Record<RedactionKind, number>;
  return { total: sumOf(items), byKind, items };
}

function sumOf(items: readonly PreviewItem[]): number {
  return items.reduce((sum, { count }) => sum + count, 0);
}

function excerptOf({ text, item: { start, end } }: Replacement): string {
  const from = Math.max(0, start - WORDS_AROUND);
  const cut = end - start > LONGEST_VALUE ? start + LONGEST_VALUE : end;
  const to = Math.min(text.length, cut === end ? end + WORDS_AROUND : cut);
  const excerpt = text.slice(from, to).replace(/\s+/g, " ");
  return `${from > 0 ? "…" : ""}${excerpt}${to < text.length ? "…" : ""}`;
}
