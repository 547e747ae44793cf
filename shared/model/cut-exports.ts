import { formatIso, type EvidenceTime } from "../base/time.ts";
import type { CaseState } from "./case.ts";
import type { Evidence } from "./evidence.ts";

/** How the note of an importer begins that saw a sign of an export that is not complete. */
export const CUT_PREFIX = "This export may be cut off: ";

/** Evidence that may not hold all there was: its end must not be taken for a drop in traffic. */
export interface CutExport {
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly why: string;
}

/** Of a window, this much may be missing at its end without a word. */
const MISSING_SHARE = 0.05;

/**
 * Evidence with a sign that its export was cut: what importers noted (limits,
 * pages left, a broken end), and files that end inside a window while others
 * go on.
 */
export function cutExports(
  evidence: readonly Evidence[],
  windows: CaseState["windows"],
): CutExport[] {
  const noted = evidence.flatMap((e) =>
    e.notes
      .filter((n) => n.message.startsWith(CUT_PREFIX))
      .map((n): CutExport => cut(e, n.message.slice(CUT_PREFIX.length))),
  );
  const early = (["baseline", "incident"] as const).flatMap((which) => {
    const window = windows[which];
    if (window?.from == null || window.to === null) return [];
    return endingInside(evidence, which, window.from, window.to);
  });
  return [...noted, ...early];
}

function cut({ id, name, table }: Evidence, why: string): CutExport {
  return { id, name, table, why };
}

/** The last file of each kind that ends before a window does, while some other evidence covers it. */
function endingInside(
  evidence: readonly Evidence[],
  which: string,
  from: number,
  to: number,
): CutExport[] {
  const missing = (to - from) * MISSING_SHARE;
  const goesOn = evidence.some((e) => e.to !== null && e.to >= to - missing);
  if (!goesOn) return [];
  const last = new Map<string, Evidence>();
  for (const e of evidence) {
    if (e.to === null) continue;
    // Daily files of one source follow each other: only the end of the last says something.
    const source = `${e.table}/${e.name.replace(/\d+/g, "")}`;
    const other = last.get(source);
    if (other?.to == null || other.to < e.to) last.set(source, e);
  }
  return [...last.values()].flatMap((e) => {
    const end = e.to ?? 0;
    if (end <= from || end >= to - missing || end - (e.from ?? end) === 0) return [];
    return [
      cut(
        e,
        `it ends at ${formatIso(end as EvidenceTime)}, inside the ${which}, while other evidence goes on`,
      ),
    ];
  });
}
