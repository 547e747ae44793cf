import { useCase } from "../state/case-store.ts";
import { restoreRows } from "./restore-rows.ts";

/** Puts a file's clock right as a step of the journal; the database follows. 0 takes it back. */
export async function setClock(id: string, correctedMs: number, why: string): Promise<boolean> {
  const data = { id, correctedMs, why };
  if (!(await useCase.getState().append({ type: "evidence/clock-set", data }))) return false;
  await restoreRows();
  return true;
}
