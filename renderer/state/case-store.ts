import { create } from "zustand";
import { foldJournal, redoable, undoable } from "../../shared/case/fold.ts";
import { refusedWhenFinal } from "../../shared/case/review.ts";
import { isFinal } from "../../shared/model/review.ts";
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
  /** True where nothing can be written: another window holds the case, or its report is final. */
  readonly locked: boolean;
  readonly undoSeq: number | null;
  readonly redoSeq: number | null;
  /** Message of a write that failed; the case stays as it was. */
  readonly trouble: string | null;
  readonly open: (opened: OpenedCase) => void;
  readonly close: () => void;
  readonly append: (...events: CaseEvent[]) => Promise<boolean>;
  /** Settles when every write that was asked for so far has come into the state. */
  readonly settled: () => Promise<void>;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  readonly dismissTrouble: () => void;
}

let write: Append | null = null;
let tail: Promise<void> = Promise.resolve();

/** The shell gives the store its way to the disk, once, at start. */
export function setJournalWriter(writer: Append): void {
  write = writer;
}

function derived(opened: OpenedCase, journal: readonly JournalLine[]) {
  const state = foldJournal(journal);
  return {
    journal,
    state,
    locked: opened.readOnly !== null || isFinal(state),
    undoSeq: undoable(journal),
    redoSeq: redoable(journal),
  };
}

export const useCase = create<CaseStore>((set, get) => ({
  opened: null,
  journal: [],
  state: null,
  locked: false,
  undoSeq: null,
  redoSeq: null,
  trouble: null,

  open(opened) {
    set({ opened, trouble: null, ...derived(opened, opened.journal) });
  },

  close() {
    set({
      opened: null,
      journal: [],
      state: null,
      locked: false,
      undoSeq: null,
      redoSeq: null,
      trouble: null,
    });
  },

  append(...events) {
    const written = appended(events);
    tail = Promise.all([tail, written.catch(() => false)]).then(() => undefined);
    return written;
  },

  async settled() {
    // Who waited may have asked for another write meanwhile.
    for (let seen: Promise<void> | null = null; seen !== tail;) {
      seen = tail;
      await seen;
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

/** Writes events and brings the state up to date. */
async function appended(events: CaseEvent[]): Promise<boolean> {
  const { opened } = useCase.getState();
  if (opened === null || write === null) return false;
  if (opened.readOnly !== null) {
    useCase.setState({
      trouble: `This case is open read-only (${opened.readOnly.holder} holds it): nothing was saved.`,
    });
    return false;
  }
  const refused = refusedWhenFinal(useCase.getState().journal, events);
  if (refused !== null) {
    useCase.setState({ trouble: refused });
    return false;
  }
  try {
    const lines = await write(opened.path, events);
    if (useCase.getState().opened?.path !== opened.path) return true;
    useCase.setState({
      trouble: null,
      ...derived(opened, [...useCase.getState().journal, ...lines]),
    });
    return true;
  } catch (thrown) {
    useCase.setState({ trouble: thrown instanceof Error ? thrown.message : String(thrown) });
    return false;
  }
}
