import type { CorrelationChange } from "../../../../shared/model/multivariate.ts";

/** One pair of the picture. */
export interface Cell {
  readonly a: string;
  readonly b: string;
  readonly baseline: number | null;
  readonly incident: number | null;
  readonly change: number | null;
  readonly changed: boolean;
}

const MOST = 24;

/** The columns whose pairs changed most, in the table's order, with the cells of their pairs. */
export function chooseShown({ columns, baseline, incident, pairs }: CorrelationChange): {
  names: string[];
  cells: Cell[][];
} {
  const difference = (i: number, j: number): number | null => {
    const before = baseline[i]?.[j] ?? null;
    const after = incident[i]?.[j] ?? null;
    return before === null || after === null ? null : after - before;
  };
  const most = columns.map((_, i) =>
    columns.reduce((m, __, j) => Math.max(m, Math.abs(difference(i, j) ?? 0)), 0),
  );
  const shown = columns
    .map((_, i) => i)
    .sort((i, j) => (most[j] ?? 0) - (most[i] ?? 0))
    .slice(0, MOST)
    .sort((i, j) => i - j);
  const changed = new Set(
    pairs.filter((p) => p.verdict !== "none").flatMap((p) => [`${p.a}\n${p.b}`, `${p.b}\n${p.a}`]),
  );
  const name = (i: number): string => columns[i] ?? "";
  return {
    names: shown.map(name),
    cells: shown.map((i) =>
      shown.map((j) => ({
        a: name(i),
        b: name(j),
        baseline: baseline[i]?.[j] ?? null,
        incident: incident[i]?.[j] ?? null,
        change: difference(i, j),
        changed: changed.has(`${name(i)}\n${name(j)}`),
      })),
    ),
  };
}
