import { useMemo } from "react";
import type { LogLine } from "../../../shared/model/log-query.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import { pinTableRows } from "../../data/pin.ts";
import { useAnalysis } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useSession } from "../../state/session-store.ts";
import { withoutHits } from "./line-text.ts";

/** A line that stands on record. */
interface Mark {
  readonly findingId: string;
  /** The finding has this line and no other, so that taking the mark off takes the finding away. */
  readonly isAlone: boolean;
}

export interface Marks {
  readonly has: (line: Pick<LogLine, "evidence" | "line">) => boolean;
  /** Marked lines, in the order of all lines. */
  readonly lines: readonly LogLine[];
  readonly toggle: (line: LogLine) => void;
}

/** Lines on record as findings of kind `rows`; marking pins one, as rows of a file are pinned. */
export function useMarks(logs: TableMeta): Marks {
  const findings = useCase((s) => s.state?.findings);
  const marks = useMemo(() => {
    const found = new Map<string, Mark>();
    for (const { id, kind, rows } of findings ?? []) {
      if (kind !== "rows") continue;
      for (const row of rows) {
        if (!logs.evidenceIds.includes(row.evidenceId)) continue;
        const key = keyOf(Number(row.evidenceId.slice(1)), row.line);
        found.set(key, { findingId: id, isAlone: rows.length === 1 });
      }
    }
    return found;
  }, [findings, logs]);
  const rows = useMemo(
    () =>
      [...marks.keys()].map((key) => {
        const [evidence = 0, line = 0] = key.split(":").map(Number);
        return { evidence, line };
      }),
    [marks],
  );
  const listed = useAnalysis("logRows", rows.length === 0 ? null : { rows });
  const lines = rows.length === 0 ? NO_LINES : (listed.data ?? NO_LINES);
  return useMemo(
    () => ({
      has: ({ evidence, line }) => marks.has(keyOf(evidence, line)),
      lines,
      toggle: (line) => {
        toggle(logs, marks.get(keyOf(line.evidence, line.line)) ?? null, line);
      },
    }),
    [marks, lines, logs],
  );
}

const NO_LINES: readonly LogLine[] = [];

function toggle(logs: TableMeta, mark: Mark | null, line: LogLine): void {
  if (mark === null) {
    const evidenceId = `E${String(line.evidence)}`;
    const text = withoutHits(line.message);
    const reference = { evidenceId, line: line.line, offset: line.offset, text };
    void pinTableRows(logs, titleOf(line, text), [reference]);
  } else if (mark.isAlone) {
    void useCase.getState().append({ type: "finding/removed", data: { id: mark.findingId } });
  } else {
    useSession.getState().notify({
      kind: "info",
      passing: true,
      message: "This line belongs to a finding with other lines; remove it under Findings.",
    });
  }
}

const LONGEST_TITLE = 90;

function titleOf({ level, service }: LogLine, text: string): string {
  const who = [level, service].filter((part) => part !== null).join(", ");
  const first = text.split("\n", 1)[0] ?? "";
  const words = first.length > LONGEST_TITLE ? `${first.slice(0, LONGEST_TITLE)}…` : first;
  return who === "" ? `Log line: ${words}` : `Log line (${who}): ${words}`;
}

function keyOf(evidence: number, line: number): string {
  return `${String(evidence)}:${String(line)}`;
}
