import type { Rating } from "../../../../shared/model/reasoning.ts";
import { changeItem, removeItem } from "../../../data/items.ts";

interface Place {
  readonly findingId: string;
  readonly hypothesisId: string;
}

/** Rates a cell; its reason stays. */
export function rate({ findingId, hypothesisId }: Place, rating: Rating): Promise<void> {
  const id = `${findingId}/${hypothesisId}`;
  const unrated = { id, findingId, hypothesisId, rating, reason: "" };
  return changeItem("cells", id, (cell) => ({ ...cell, rating }), unrated);
}

export function clearRating({ findingId, hypothesisId }: Place): Promise<boolean> {
  return removeItem("cells", `${findingId}/${hypothesisId}`);
}
