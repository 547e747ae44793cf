import type { CollectionItem } from "../../shared/case/events.ts";
import type { Collection, ItemOf } from "../../shared/model/reasoning.ts";
import { useCase } from "../state/case-store.ts";

/** A new id for an item of a collection. */
export function newItemId(): string {
  return crypto.randomUUID();
}

/** Adds the item to the case, or puts it in the place of the one with its id. */
export function setItem(item: CollectionItem): Promise<boolean> {
  return useCase.getState().append({ type: "item/set", data: item });
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work that makes whole items from the state, one after the other, and
 * when what is on its way to the journal is part of the state: a text that was
 * left a moment ago would be lost under an item made without it.
 */
export function inTurn(work: () => Promise<unknown>): Promise<void> {
  const mine = last.then(async () => {
    await useCase.getState().settled();
    await work();
  });
  last = mine.catch(() => undefined);
  return mine;
}

/**
 * Changes an item as it stands in the case now, which may be newer than what
 * was drawn. An item that is not there is made from `missing`, where it is
 * given; otherwise nothing happens.
 */
export function changeItem<C extends Collection>(
  collection: C,
  id: string,
  change: (item: ItemOf<C>) => ItemOf<C>,
  missing?: ItemOf<C>,
): Promise<void> {
  return inTurn(async () => {
    const items = (useCase.getState().state?.items[collection] ??
      []) as unknown as readonly ItemOf<C>[];
    const item = items.find((i) => i.id === id) ?? missing;
    if (item !== undefined) await setItem({ collection, item: change(item) } as CollectionItem);
  });
}

/** Several items in one step of undo; `removed` go with it. */
export function setItems(
  items: CollectionItem[],
  removed: { collection: Collection; id: string }[] = [],
): Promise<boolean> {
  return useCase.getState().append({ type: "items/set", data: { items, removed } });
}

/** Takes the item out of the case, with everything that hangs on it. */
export function removeItem(collection: Collection, id: string): Promise<boolean> {
  return useCase.getState().append({ type: "item/removed", data: { collection, id } });
}

/** Puts the item at another place of its collection. */
export function moveItem(collection: Collection, id: string, to: number): Promise<boolean> {
  return useCase.getState().append({ type: "item/moved", data: { collection, id, to } });
}
