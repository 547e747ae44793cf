import type { BoardGroup } from "../../shared/model/board.ts";
import type { ColumnComparison } from "../../shared/model/shift.ts";
import { boardMarkdown } from "../../shared/report/board-markdown.ts";
import { shiftMarkdown } from "../../shared/report/shift-markdown.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";

/** Names of the files behind a column: those that its shifts cite, or all of its table. */
export function filesOf(column: ColumnComparison): string[] {
  const evidence = useCase.getState().state?.evidence ?? [];
  const cited = new Set(column.shifts.flatMap((s) => s.evidenceIds));
  return evidence
    .filter((e) => (cited.size === 0 ? e.table === column.table : cited.has(e.id)))
    .map((e) => e.name);
}

/** A column's change as Markdown to the clipboard; says so, or why not. */
export async function copyShift(column: ColumnComparison): Promise<boolean> {
  const windows = useCase.getState().state?.windows;
  const baseline = windows?.baseline ?? null;
  const incident = windows?.incident ?? null;
  const text = shiftMarkdown({
    column,
    windows: baseline === null || incident === null ? null : { baseline, incident },
    files: filesOf(column),
  });
  return copied(`${column.column} as Markdown`, () => navigator.clipboard.writeText(text));
}

/** The board of changes as Markdown to the clipboard; says so, or why not. */
export async function copyBoard(
  groups: readonly { readonly title: string; readonly group: BoardGroup }[],
): Promise<boolean> {
  return copied("the board as Markdown", () =>
    navigator.clipboard.writeText(boardMarkdown(groups)),
  );
}

/** A picture (PNG) to the clipboard; says so, or why not. */
export async function copyPicture(what: string, draw: () => Promise<Blob>): Promise<boolean> {
  return copied(what, async () => {
    const blob = await draw();
    await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
  });
}

async function copied(what: string, write: () => Promise<void>): Promise<boolean> {
  const { notify } = useSession.getState();
  try {
    await write();
    notify({ kind: "info", passing: true, message: `Copied: ${what}.` });
    return true;
  } catch (thrown) {
    // The clipboard refuses with a DOMException: no focus, no permission, no such format.
    if (!(thrown instanceof DOMException)) throw thrown;
    notify({ kind: "error", message: `Not copied: ${thrown.message}` });
    return false;
  }
}
