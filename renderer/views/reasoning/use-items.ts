import type { Collection, ItemOf } from "../../../shared/model/reasoning.ts";
import { useCase } from "../../state/case-store.ts";

const NONE: readonly never[] = [];

/** Items of one collection of the open case, in its order. */
export function useItems<C extends Collection>(collection: C): readonly ItemOf<C>[] {
  return useCase((s) => (s.state?.items[collection] ?? NONE) as readonly ItemOf<C>[]);
}

/** True where nothing can be written: another window holds the case, or its report is final. */
export function useReadOnly(): boolean {
  return useCase((s) => s.locked);
}
