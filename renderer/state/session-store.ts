import { create } from "zustand";
import type { OriginalStatus } from "../../shared/model/evidence.ts";
import type { RecentCase } from "../../shared/contract/ipc.ts";

/** Something to tell the person, shown as a banner until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly message: string;
  /** Only a confirmation: goes when another one comes or another view is shown. */
  readonly passing?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface OriginalState {
  readonly status: OriginalStatus;
  readonly message: string;
  readonly foundAt: string | null;
}

/** What belongs to this run of the window and is not worth keeping. */
interface SessionStore {
  readonly notices: readonly Notice[];
  readonly engine: {
    readonly state: "idle" | "starting" | "ready" | "failed";
    readonly message: string;
  };
  /** Long work under way, in words; null when idle. */
  readonly busy: string | null;
  readonly newCaseOpen: boolean;
  readonly guidesOpen: boolean;
  /** Files that wait for a case to be made. */
  readonly droppedPaths: readonly string[];
  readonly recent: readonly RecentCase[];
  /** State of each original, by evidence id. */
  readonly originals: Readonly<Record<string, OriginalState>>;
  readonly notify: (notice: Omit<Notice, "id">) => void;
  readonly dismissNotice: (id: number) => void;
  readonly dropPassing: () => void;
  readonly clearNotices: () => void;
  readonly set: (
    change: Partial<
      Pick<
        SessionStore,
        "engine" | "busy" | "newCaseOpen" | "guidesOpen" | "droppedPaths" | "recent" | "originals"
      >
    >,
  ) => void;
}

let nextNotice = 1;

export const useSession = create<SessionStore>((set) => ({
  notices: [],
  engine: { state: "idle", message: "" },
  busy: null,
  newCaseOpen: false,
  guidesOpen: false,
  droppedPaths: [],
  recent: [],
  originals: {},
  notify: (notice) => {
    set((s) => ({
      notices: [
        ...s.notices.filter((n) => n.passing !== true || notice.passing !== true),
        { ...notice, id: nextNotice++ },
      ],
    }));
  },
  dismissNotice: (id) => {
    set((s) => ({ notices: s.notices.filter((n) => n.id !== id) }));
  },
  dropPassing: () => {
    set((s) => ({ notices: s.notices.filter((n) => n.passing !== true) }));
  },
  clearNotices: () => {
    set({ notices: [] });
  },
  set: (change) => {
    set(change);
  },
}));
