import { useCase } from "../state/case-store.ts";
import { restoreRows } from "./restore-rows.ts";

/** Undo and redo; where evidence comes back into the case, its rows come back into the database. */
export async function undo(): Promise<void> {
  await useCase.getState().undo();
  await restoreRows();
}

export async function redo(): Promise<void> {
  await useCase.getState().redo();
  await restoreRows();
}
