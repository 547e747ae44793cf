import type { CaseEvent, CaseEventType, JournalLine } from "./events.ts";

/** What a case whose report is final still takes: facts of other windows, checks of actions, the next version. */
const TAKEN_WHEN_FINAL: ReadonlySet<CaseEventType> = new Set<CaseEventType>([
  "evidence/relocated",
  "report/exported",
  "redaction/pseudonyms-given",
  "review/set",
]);

/**
 * A final report is immutable. The sentence that says why `events` are not
 * taken, or null. Checked by the window before it asks and by the main process
 * before it writes.
 */
export function refusedWhenFinal(
  journal: readonly JournalLine[],
  events: readonly CaseEvent[],
): string | null {
  const steps = journal.flatMap((line) => (line.type === "review/set" ? [line.data] : []));
  const last = steps.at(-1);
  if (last?.status !== "final") return null;
  const [first] = events;
  if (first?.type === "review/set" && first.data.version > last.version) return null;
  const refused = events.find(
    (e) =>
      !TAKEN_WHEN_FINAL.has(e.type) || (e.type === "review/set" && e.data.version <= last.version),
  );
  if (refused === undefined) return null;
  return `The report of this case is final (version ${last.version}, signed off by ${last.by}): nothing was saved. Begin version ${last.version + 1} under Report to change it.`;
}
