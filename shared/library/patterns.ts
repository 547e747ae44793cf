import type { CaseDigest } from "../model/library.ts";
import type { Layer } from "../model/role.ts";

/** Something that several cases share. */
export interface Pattern {
  readonly kind: "layer" | "factor" | "suspect";
  readonly label: string;
  readonly caseIds: readonly string[];
  /** Cases that say anything of this kind: the whole that the count is of. */
  readonly of: number;
}

const LAYERS: Readonly<Record<Layer, string>> = {
  data: "data quality",
  features: "features",
  model: "the model",
  serving: "serving",
  infrastructure: "infrastructure",
  people: "people and process",
};

/** Kinds of contributing factors by the words that people use for them. */
const FACTOR_WORDS: readonly { readonly label: string; readonly words: RegExp }[] = [
  {
    label: "nobody was alerted",
    words:
      /\b(no|missing|without|lack of|silent)\b.{0,30}\b(alert|monitor|alarm)|not (noticed|detected|alerted)|unnoticed|undetected/iu,
  },
  {
    label: "a change was rolled out to all at once",
    words:
      /\b(all at once|globally|everywhere|full fleet|without (a )?(canary|staged|gradual))\b|no (canary|staged rollout)/iu,
  },
  {
    label: "a change was not tested for this",
    words: /\b(untested|not tested|no tests?|missing tests?|not covered|test gap)\b/iu,
  },
  {
    label: "a schema or a contract changed upstream",
    words:
      /\b(schema|contract|upstream|enum|encoding|renamed)\b.{0,40}\b(chang|break|broke|drift|renam)|re-?encod/iu,
  },
  {
    label: "capacity ran out",
    words: /\b(capacity|saturat|exhaust|overload|out of (memory|disk|space)|quota|throttl)/iu,
  },
  {
    label: "retries or a queue made it worse",
    words: /\b(retr(y|ies)|thundering herd|backlog|queue|retry storm)\b/iu,
  },
  {
    label: "the way back was slow or not practised",
    words:
      /\b(rollback|roll back|revert|runbook|restore)\b.{0,40}\b(slow|manual|fail|missing|not practised|untested|no )|no (runbook|rollback)/iu,
  },
  {
    label: "ownership was unclear",
    words:
      /\b(owner|ownership|hand-?over|responsib)\w*\b.{0,40}\b(unclear|missing|no |none|lost)|nobody owned|no owner/iu,
  },
  {
    label: "stale or late data was used",
    words:
      /\b(stale|late|delayed|outdated|frozen)\b.{0,30}\b(data|feature|label|table|snapshot|partition)/iu,
  },
];

/** What at least two cases share, the most frequent first: "5 of 12 are data quality". */
export function recurringPatterns(cases: readonly CaseDigest[]): Pattern[] {
  const told = cases.filter((c) => c.layers.length > 0);
  const layers = (Object.keys(LAYERS) as Layer[]).map((layer) => ({
    kind: "layer" as const,
    label: LAYERS[layer],
    caseIds: idsOf(told, (c) => c.layers.includes(layer)),
    of: told.length,
  }));
  const withFactors = cases.filter((c) => c.factors.length > 0);
  const factors = FACTOR_WORDS.map(({ label, words }) => ({
    kind: "factor" as const,
    label,
    caseIds: idsOf(withFactors, (c) => c.factors.some((f) => words.test(f.text))),
    of: withFactors.length,
  }));
  const suspects = [...new Set(cases.flatMap((c) => c.suspects))].map((name) => ({
    kind: "suspect" as const,
    label: name,
    caseIds: idsOf(cases, (c) => c.suspects.includes(name)),
    of: cases.length,
  }));
  return [...layers, ...factors, ...suspects]
    .filter((p) => p.caseIds.length >= 2)
    .sort((a, b) => b.caseIds.length - a.caseIds.length || a.label.localeCompare(b.label));
}

function idsOf(cases: readonly CaseDigest[], has: (c: CaseDigest) => boolean): string[] {
  return cases.filter(has).map((c) => c.id);
}

/** An action that should be done by now. */
export interface OverdueAction {
  readonly caseId: string;
  readonly caseName: string;
  readonly title: string;
  readonly owner: string;
  readonly due: string;
  readonly days: number;
}

/** Actions past their day, the longest first. `today` is `YYYY-MM-DD`. */
export function overdueActions(cases: readonly CaseDigest[], today: string): OverdueAction[] {
  return cases
    .flatMap((c) =>
      c.actions
        .filter(
          (a) => (a.state === "open" || a.state === "in progress") && a.due !== "" && a.due < today,
        )
        .map((a) => ({
          caseId: c.id,
          caseName: c.name,
          title: a.title,
          owner: a.owner,
          due: a.due,
          days: Math.round((Date.parse(today) - Date.parse(a.due)) / 86_400_000),
        })),
    )
    .sort((a, b) => b.days - a.days);
}

/** Milliseconds from `from` to `to`; null where one is not known or the order is impossible. */
export function between(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const length = Date.parse(to) - Date.parse(from);
  return Number.isFinite(length) && length >= 0 ? length : null;
}

/** MTTD and MTTR are means over many incidents; null where none is known. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null);
  return known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length;
}

/** The middle of the known values; null where there is none. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const half = known.length / 2;
  return known.length % 2 === 1
    ? (known[Math.floor(half)] ?? null)
    : ((known[half - 1] ?? 0) + (known[half] ?? 0)) / 2;
}
