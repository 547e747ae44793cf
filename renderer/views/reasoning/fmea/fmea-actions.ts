import type { FailureMode, FmeaScores, PriorityTable } from "../../../../shared/model/reasoning.ts";
import { sortFailureModes } from "../../../../shared/reasoning/fmea.ts";
import { changeItem, inTurn, newItemId, setItem, setItems } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";

const UNRATED: FmeaScores = { severity: null, occurrence: null, detection: null };

/** Adds an empty row; answers its id. */
export async function addFailureMode(): Promise<string> {
  const id = newItemId();
  const item: FailureMode = {
    id,
    item: "",
    mode: "",
    effect: "",
    cause: "",
    controls: "",
    before: UNRATED,
    after: UNRATED,
    actionIds: [],
    findingIds: [],
  };
  await setItem({ collection: "failureModes", item });
  return id;
}

export function changeFailureMode(
  id: string,
  change: (mode: FailureMode) => FailureMode,
): Promise<void> {
  return changeItem("failureModes", id, change);
}

/** Puts the most urgent row first, in one step of undo. */
export function sortByPriority(table: PriorityTable): Promise<void> {
  return inTurn(async () => {
    const modes = useCase.getState().state?.items.failureModes ?? [];
    const sorted = sortFailureModes(modes, table);
    if (sorted.every((mode, i) => mode === modes[i])) return;
    await setItems(
      sorted.map((item) => ({ collection: "failureModes" as const, item })),
      sorted.map(({ id }) => ({ collection: "failureModes", id })),
    );
  });
}

/** Null: the table that comes with the application. */
export async function setPriorityTable(table: PriorityTable | null): Promise<void> {
  await useCase.getState().append({ type: "priority-table/set", data: table });
}
