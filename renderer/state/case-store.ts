import { create } from "zustand";
import { foldJournal, redoable, undoable } from "../../shared/case/fold.ts";
import type { CaseEvent, JournalLine } from "../../shared/case/events.ts";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import type { CaseState } from "../../shared/model/case.ts";

/** Writes events to the journal and answers with the sealed lines; throws with a message for the person. */
type Append = (path: string, events: CaseEvent[]) => Promise<JournalLine[]>;

interface CaseStore {
  /** Null while no case is open. */
  readonly opened: OpenedCase | null;
  readonly journal: readonly JournalLine[];
  /** fold(journal); null while no case is open. */
  readonly state: CaseState | null;
  readonly undoSeq: number | null;
  readonly redoSeq: number | null;
  /** Message of a write that failed; the case stays as it was. */
  readonly trouble: string | null;
  readonly open: (opened: OpenedCase) => void;
  readonly close: () => void;
  readonly append: (...events: CaseEvent[]) => Promise<boolean>;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  readonly dismissTrouble: () => void;
}

let write: Append | null = null;

/** The shell gives the store its way to the disk, once, at start. */
export function setJournalWriter(writer: Append): void {
  write = writer;
}

function derived(journal: readonly JournalLine[]) {
  return {
    journal,
    state: foldJournal(journal),
    undoSeq: undoable(journal),
    redoSeq: redoable(journal),
  };
}

export const useCase = create<CaseStore>((set, get) => ({
  opened: null,
  journal: [],
  state: null,
  undoSeq: null,
  redoSeq: null,
  trouble: null,

  open(opened) {
    set({ opened, trouble: null, ...derived(opened.journal) });
  },

  close() {
    set({
      opened: null,
      journal: [],
      state: null,
      undoSeq: null,
      redoSeq: null,
      trouble: null,
    });
  },

  async append(...events) {
    const { opened } = get();
    if (opened === null || write === null) return false;
    if (opened.readOnly !== null) {
      set({
        trouble: `This case is open read-only (${opened.readOnly.holder} holds it): nothing was saved.`,
      });
      return false;
    }
    try {
      const lines = await write(opened.path, events);
      if (get().opened?.path !== opened.path) return true;
      set({ trouble: null, ...derived([...get().journal, ...lines]) });
      return true;
    } catch (thrown) {
      set({ trouble: thrown instanceof Error ? thrown.message : String(thrown) });
      return false;
    }
  },

  async undo() {
    const seq = get().undoSeq;
    if (seq !== null) await get().append({ type: "undo", data: { seq } });
  },

  async redo() {
    const seq = get().redoSeq;
    if (seq !== null) await get().append({ type: "redo", data: { seq } });
  },

  dismissTrouble() {
    set({ trouble: null });
  },
}));
