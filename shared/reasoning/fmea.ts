import type { FailureMode, FmeaScores, Items, PriorityTable } from "../model/reasoning.ts";
import { ruleCovers, type Priority } from "./fmea-priority-table.ts";

/** Risk priority number, severity × occurrence × detection, 1 to 1000; null while a score is missing. */
export function riskPriorityNumber({ severity, occurrence, detection }: FmeaScores): number | null {
  return severity === null || occurrence === null || detection === null
    ? null
    : severity * occurrence * detection;
}

/** What the first fitting rule of the table says; null while a score is missing, or where no rule fits. */
export function actionPriority(
  { severity, occurrence, detection }: FmeaScores,
  table: PriorityTable,
): Priority | null {
  if (severity === null || occurrence === null || detection === null) return null;
  const rule = table.rules.find((r) => ruleCovers(r, severity, occurrence, detection));
  return rule?.priority ?? null;
}

const ORDER: Readonly<Record<Priority, number>> = { high: 3, medium: 2, low: 1 };

/** Failure modes by priority before actions, then by RPN; those without scores last, ties as they stood. */
export function sortFailureModes(
  modes: readonly FailureMode[],
  table: PriorityTable,
): readonly FailureMode[] {
  const rank = (mode: FailureMode): readonly [number, number] => {
    const priority = actionPriority(mode.before, table);
    return [priority === null ? 0 : ORDER[priority], riskPriorityNumber(mode.before) ?? 0];
  };
  return [...modes].sort((a, b) => {
    const [pa, ra] = rank(a);
    const [pb, rb] = rank(b);
    return pb - pa || rb - ra;
  });
}

/** An FMEA as plain texts. */
export interface FmeaTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where its priorities come from. */
  readonly source: string;
}

const HEADER = [
  "Item",
  "Failure mode",
  "Effect",
  "Cause",
  "Controls today",
  "S",
  "O",
  "D",
  "RPN",
  "Priority",
  "Actions",
  "S after",
  "O after",
  "D after",
  "RPN after",
  "Priority after",
  "Findings",
] as const;

/** The FMEA for a report: most urgent first, findings by their numbers, a dash where nothing is said. */
export function fmeaTable(
  { failureModes, actions }: Pick<Items, "failureModes" | "actions">,
  table: PriorityTable,
  findings: readonly { readonly id: string }[],
): FmeaTable {
  const titles = new Map(actions.map((a) => [a.id, a.title]));
  const numbers = new Map(findings.map((f, i) => [f.id, i + 1]));
  const said = (value: string | number | null): string =>
    value === null || value === "" ? "–" : String(value);
  const scores = (s: FmeaScores): string[] =>
    [s.severity, s.occurrence, s.detection, riskPriorityNumber(s), actionPriority(s, table)].map(
      said,
    );
  const rows = sortFailureModes(failureModes, table).map((mode) => [
    ...[mode.item, mode.mode, mode.effect, mode.cause, mode.controls].map(said),
    ...scores(mode.before),
    said(mode.actionIds.flatMap((id) => titles.get(id) ?? []).join("; ")),
    ...scores(mode.after),
    said(
      mode.findingIds
        .flatMap((id) => numbers.get(id) ?? [])
        .sort((a, b) => a - b)
        .map((n) => `F${n}`)
        .join(", "),
    ),
  ]);
  return { header: HEADER, rows, source: `${table.name}. ${table.source}` };
}
