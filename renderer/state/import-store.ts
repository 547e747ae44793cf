import { create } from "zustand";
import type { Grant } from "../../shared/contract/ipc.ts";
import type { ImportProgress } from "../../shared/contract/worker.ts";
import type { ImportError, ImportPlan, Member } from "../../shared/importers/importer.ts";
import type { ImportOptions } from "../../shared/model/evidence.ts";

/** A file, or a part of one, on its way into the case. */
export interface PendingImport {
  readonly key: string;
  readonly grant: Grant | null;
  readonly path: string;
  readonly name: string;
  readonly importer: string;
  readonly options: ImportOptions;
  /** The group it belongs to; null for a file by itself. */
  readonly group: string | null;
  /** What its archive says of it; null for a file by itself. */
  readonly member: Member | null;
  /** False for a member that is not to be imported. */
  readonly chosen: boolean;
  readonly phase:
    | { readonly kind: "listed" }
    | { readonly kind: "planning" }
    | { readonly kind: "planned"; readonly plan: ImportPlan }
    | { readonly kind: "waiting" }
    | {
        readonly kind: "running";
        readonly progress: ImportProgress | null;
        readonly abort: AbortController;
      }
    | { readonly kind: "failed"; readonly error: ImportError };
  /** Id of evidence with the same content, when the hash is already in the case. */
  readonly duplicateOf: string | null;
}

/** An archive, a folder, a workbook or a database whose parts are on their way. */
export interface PendingGroup {
  readonly key: string;
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
  /** What is wrong with the archive; null where it is whole. */
  readonly trouble: string | null;
  /** Parts that have become evidence. */
  readonly done: number;
  /** True while its parts are imported one after the other. */
  readonly running: boolean;
}

interface ImportStore {
  readonly pending: readonly PendingImport[];
  readonly groups: readonly PendingGroup[];
  readonly add: (items: readonly PendingImport[]) => void;
  readonly update: (key: string, change: Partial<PendingImport>) => void;
  readonly remove: (key: string) => void;
  /** Puts the parts of a file in its place. */
  readonly expand: (key: string, group: PendingGroup, members: readonly PendingImport[]) => void;
  readonly updateGroup: (key: string, change: Partial<PendingGroup>) => void;
  readonly removeGroup: (key: string) => void;
  readonly clear: () => void;
}

export const useImports = create<ImportStore>((set) => ({
  pending: [],
  groups: [],
  add: (items) => {
    set((s) => ({ pending: [...s.pending, ...items] }));
  },
  update: (key, change) => {
    set((s) => ({
      pending: s.pending.map((p) => (p.key === key ? { ...p, ...change } : p)),
    }));
  },
  remove: (key) => {
    set((s) => ({ pending: s.pending.filter((p) => p.key !== key) }));
  },
  expand: (key, group, members) => {
    set((s) => ({
      pending: s.pending.flatMap((p) => (p.key === key ? members : [p])),
      groups: [...s.groups, group],
    }));
  },
  updateGroup: (key, change) => {
    set((s) => ({ groups: s.groups.map((g) => (g.key === key ? { ...g, ...change } : g)) }));
  },
  removeGroup: (key) => {
    set((s) => ({
      pending: s.pending.filter((p) => p.group !== key),
      groups: s.groups.filter((g) => g.key !== key),
    }));
  },
  clear: () => {
    set({ pending: [], groups: [] });
  },
}));
