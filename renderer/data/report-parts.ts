import type { ReportBlock } from "../../shared/model/reasoning.ts";
import { blocksOf } from "../../shared/report/default-blocks.ts";
import { useCase } from "../state/case-store.ts";
import { setItems } from "./items.ts";

/** The parts of the report of the open case, in their order. */
export function currentParts(): readonly ReportBlock[] {
  return blocksOf(useCase.getState().state?.items.blocks ?? []);
}

/** Puts these parts in the place of all that the report had; one step of undo. */
export function saveParts(parts: readonly ReportBlock[]): Promise<boolean> {
  const before = useCase.getState().state?.items.blocks ?? [];
  return setItems(
    parts.map((item) => ({ collection: "blocks", item })),
    before.map(({ id }) => ({ collection: "blocks", id })),
  );
}

/** Makes the usual parts the case's own, so that texts can be written into them. */
export async function ownParts(): Promise<void> {
  if ((useCase.getState().state?.items.blocks.length ?? 0) === 0) await saveParts(currentParts());
}
