import { create } from "zustand";
import type { Grant } from "../../shared/contract/ipc.ts";
import type { ImportProgress } from "../../shared/contract/worker.ts";
import type { ImportError, ImportPlan } from "../../shared/importers/importer.ts";
import type { ImportOptions } from "../../shared/model/evidence.ts";

/** A file on its way into the case. */
export interface PendingImport {
  readonly key: string;
  readonly grant: Grant | null;
  readonly path: string;
  readonly name: string;
  readonly importer: string;
  readonly options: ImportOptions;
  readonly phase:
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

interface ImportStore {
  readonly pending: readonly PendingImport[];
  readonly add: (items: readonly PendingImport[]) => void;
  readonly update: (key: string, change: Partial<PendingImport>) => void;
  readonly remove: (key: string) => void;
  readonly clear: () => void;
}

export const useImports = create<ImportStore>((set) => ({
  pending: [],
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
  clear: () => {
    set({ pending: [] });
  },
}));
