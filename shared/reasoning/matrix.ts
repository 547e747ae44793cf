import type { Finding } from "../model/finding.ts";
import { RATINGS, type Hypothesis, type Items, type Rating } from "../model/reasoning.ts";

/** How one hypothesis fares against all findings. */
export interface RankedHypothesis {
  readonly hypothesis: Hypothesis;
  /** Sum of what speaks against it: 1 for I, 2 for II. */
  readonly inconsistency: number;
  readonly counts: Readonly<Record<Rating, number>>;
  /** Findings rated, NA included. */
  readonly rated: number;
  /** 1 is the least inconsistent; hypotheses with the same score share a rank. */
  readonly rank: number;
}

/** What one finding says about the hypotheses. */
export interface MatrixRow {
  readonly finding: Finding;
  /** 1-based number of the finding in the case. */
  readonly number: number;
  /** 0: the same for all that are rated; 1: very consistent with one, very inconsistent with another. */
  readonly diagnosticity: number;
}

/** A finding on which the order of the hypotheses hangs. */
export interface Sensitivity {
  readonly findingId: string;
  readonly number: number;
  /** In words. */
  readonly text: string;
}

export interface MatrixAnalysis {
  readonly rows: readonly MatrixRow[];
  /** Least inconsistent first. */
  readonly ranking: readonly RankedHypothesis[];
  readonly sensitivity: readonly Sensitivity[];
  readonly warnings: readonly string[];
}

/** On the scale from very inconsistent to very consistent; NA says nothing. */
const VALUES: Readonly<Record<Exclude<Rating, "NA">, number>> = {
  II: -2,
  I: -1,
  N: 0,
  C: 1,
  CC: 2,
};
const AGAINST: Readonly<Record<Rating, number>> = { CC: 0, C: 0, N: 0, NA: 0, I: 1, II: 2 };

type Cells = ReadonlyMap<string, Rating>;

/**
 * Analysis of competing hypotheses: Heuer, "Psychology of Intelligence
 * Analysis" (1999), ch. 8. A hypothesis is judged by what speaks against it,
 * since most evidence is consistent with several; scores as in PARC's ACH 2.0
 * (I 1, II 2, all else 0). Diagnosticity of a finding is the range of its
 * ratings over the width of the scale, (max - min) / 4, over at least two
 * hypotheses; a finding that fits all of them tells nothing.
 */
export function analyseMatrix(items: Items, findings: readonly Finding[]): MatrixAnalysis {
  const { hypotheses } = items;
  const cells: Cells = new Map(
    items.cells.map((c) => [`${c.findingId}/${c.hypothesisId}`, c.rating]),
  );
  const rows = findings.map((finding, index) => ({
    finding,
    number: index + 1,
    diagnosticity: diagnosticityOf(finding.id, hypotheses, cells),
  }));
  const ranking = rank(hypotheses, findings, cells);
  const sensitivity = rows.flatMap((row) => sensitivityOf(row, hypotheses, findings, cells));
  return { rows, ranking, sensitivity, warnings: warningsOf(items, rows, ranking, findings) };
}

function ratingOf(cells: Cells, findingId: string, hypothesisId: string): Rating | null {
  return cells.get(`${findingId}/${hypothesisId}`) ?? null;
}

function diagnosticityOf(
  findingId: string,
  hypotheses: readonly Hypothesis[],
  cells: Cells,
): number {
  const values = hypotheses.flatMap((h) => {
    const rating = ratingOf(cells, findingId, h.id);
    return rating === null || rating === "NA" ? [] : [VALUES[rating]];
  });
  return values.length < 2 ? 0 : (Math.max(...values) - Math.min(...values)) / 4;
}

function rank(
  hypotheses: readonly Hypothesis[],
  findings: readonly Pick<Finding, "id">[],
  cells: Cells,
): RankedHypothesis[] {
  const scored = hypotheses.map((hypothesis) => {
    const ratings = findings.flatMap((f) => ratingOf(cells, f.id, hypothesis.id) ?? []);
    const counts = Object.fromEntries(
      RATINGS.map((r) => [r, ratings.filter((other) => other === r).length]),
    ) as Record<Rating, number>;
    const inconsistency = ratings.reduce((sum, r) => sum + AGAINST[r], 0);
    return { hypothesis, inconsistency, counts, rated: ratings.length };
  });
  return scored
    .map((s) => ({
      ...s,
      rank: 1 + scored.filter((other) => other.inconsistency < s.inconsistency).length,
    }))
    .sort((a, b) => a.rank - b.rank);
}

/** Whether the order of the hypotheses is another one without this finding. */
function sensitivityOf(
  { finding, number, diagnosticity }: MatrixRow,
  hypotheses: readonly Hypothesis[],
  findings: readonly Finding[],
  cells: Cells,
): Sensitivity[] {
  if (diagnosticity === 0) return [];
  const before = rank(hypotheses, findings, cells);
  const after = rank(
    hypotheses,
    findings.filter((f) => f.id !== finding.id),
    cells,
  );
  const first = leaders(before);
  const without = leaders(after);
  if (!same(first, without)) {
    const text = `Without finding ${number}, ${named(without)} would be the least inconsistent instead of ${named(first)}.`;
    return [{ findingId: finding.id, number, text }];
  }
  if (orderOf(before) === orderOf(after)) return [];
  return [
    {
      findingId: finding.id,
      number,
      text: `Without finding ${number} the order behind ${named(first)} changes.`,
    },
  ];
}

function leaders(ranking: readonly RankedHypothesis[]): readonly Hypothesis[] {
  return ranking.filter((r) => r.rank === 1).map((r) => r.hypothesis);
}

function same(a: readonly Hypothesis[], b: readonly Hypothesis[]): boolean {
  return a.length === b.length && a.every((h) => b.some((other) => other.id === h.id));
}

function orderOf(ranking: readonly RankedHypothesis[]): string {
  return [...ranking]
    .sort((a, b) => a.hypothesis.id.localeCompare(b.hypothesis.id))
    .map((r) => r.rank)
    .join(" ");
}

function named(hypotheses: readonly Hypothesis[]): string {
  return hypotheses.map((h) => `“${h.title === "" ? "unnamed" : h.title}”`).join(" and ");
}

function warningsOf(
  items: Items,
  rows: readonly MatrixRow[],
  ranking: readonly RankedHypothesis[],
  findings: readonly Finding[],
): string[] {
  const warnings: string[] = [];
  if (ranking.length === 0 || findings.length === 0) return warnings;
  if (ranking.length === 1) {
    warnings.push(
      "A matrix of one hypothesis can only confirm it. What else could explain the findings?",
    );
  }
  for (const { hypothesis, rated, inconsistency } of ranking) {
    if (inconsistency === 0 && rated < findings.length && rated > 0) {
      warnings.push(
        `Nothing speaks against ${named([hypothesis])}, but only ${rated} of ${findings.length} findings were rated for it.`,
      );
    }
  }
  const full = ranking.length > 1 && ranking.every((r) => r.rated > 0);
  if (full && rows.every((r) => r.diagnosticity === 0)) {
    warnings.push("No finding tells the hypotheses apart: each fits all of them equally.");
  }
  if (full && ranking.every((r) => r.inconsistency === 0)) {
    warnings.push("No finding speaks against any hypothesis. Look for one that could.");
  }
  const unreasoned = items.cells.filter(
    (c) => (c.rating === "I" || c.rating === "II") && c.reason.trim() === "",
  ).length;
  if (unreasoned > 0) {
    warnings.push(
      `${unreasoned} ${unreasoned === 1 ? "rating" : "ratings"} against a hypothesis ${unreasoned === 1 ? "has" : "have"} no reason.`,
    );
  }
  return warnings;
}

/** The matrix for readers. */
export interface MatrixTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Least inconsistent first: rank, hypothesis, layer, inconsistency, findings against it, findings consistent with it. */
  readonly ranking: readonly (readonly string[])[];
  /** Reasons of the ratings against a hypothesis. */
  readonly reasons: readonly string[];
}

export function matrixTable(
  analysis: MatrixAnalysis,
  items: Items,
  findings: readonly Finding[],
): MatrixTable {
  const cell = (findingId: string, hypothesisId: string) =>
    items.cells.find((c) => c.findingId === findingId && c.hypothesisId === hypothesisId);
  const letter = (index: number): string => `H${index + 1}`;
  return {
    header: ["Finding", ...items.hypotheses.map((_, i) => letter(i)), "Diagnosticity"],
    rows: analysis.rows.map(({ finding, number, diagnosticity }) => [
      `F${number} ${finding.title}`,
      ...items.hypotheses.map((h) => cell(finding.id, h.id)?.rating ?? "–"),
      diagnosticity.toFixed(2),
    ]),
    ranking: analysis.ranking.map(({ hypothesis, inconsistency, counts, rank: place }) => {
      const name = letter(items.hypotheses.findIndex((h) => h.id === hypothesis.id));
      const note = hypothesis.note.trim() === "" ? "" : `. ${hypothesis.note.trim()}`;
      return [
        String(place),
        `${name} ${hypothesis.title}${note}`,
        hypothesis.layer,
        String(inconsistency),
        `${counts.I + counts.II} of ${findings.length}`,
        String(counts.C + counts.CC),
      ];
    }),
    reasons: items.cells
      .filter((c) => c.reason.trim() !== "")
      .flatMap((c) => {
        const finding = findings.findIndex((f) => f.id === c.findingId);
        const hypothesis = items.hypotheses.findIndex((h) => h.id === c.hypothesisId);
        return finding < 0 || hypothesis < 0
          ? []
          : [`F${finding + 1} and ${letter(hypothesis)}, ${c.rating}: ${c.reason.trim()}`];
      }),
  };
}
