import { COLLECTIONS, type Collection, type Items } from "../model/reasoning.ts";
import type { CollectionItem } from "./events.ts";
import { change, moved, upsert, withoutId, type Identified } from "./lists.ts";

/** Items with this one added, or put in the place of the one with its id. */
export function withItem(items: Items, { collection, item }: CollectionItem): Items {
  return withList(items, collection, upsert<Identified>(items[collection], item));
}

/** Items without this one and without everything that hangs on it. */
export function withoutItem(items: Items, collection: Collection, id: string): Items {
  const rest = withList(items, collection, withoutId<Identified>(items[collection], id));
  switch (collection) {
    case "hypotheses":
      return { ...rest, cells: rest.cells.filter((c) => c.hypothesisId !== id) };
    case "whys":
      return { ...rest, whys: withoutBranch(rest.whys, id) };
    case "causes":
      return { ...rest, causes: withoutBranch(rest.causes, id) };
    case "categories":
      return { ...rest, causes: rest.causes.filter((c) => c.categoryId !== id) };
    case "actions":
      return {
        ...rest,
        failureModes: rest.failureModes.map((m) => ({
          ...m,
          actionIds: m.actionIds.filter((a) => a !== id),
        })),
      };
    case "factors":
      return {
        ...rest,
        actions: rest.actions.map((a) => ({
          ...a,
          factorIds: a.factorIds.filter((f) => f !== id),
        })),
      };
    case "cells":
    case "failureModes":
    case "sweep":
    case "milestones":
    case "impacts":
    case "objectives":
    case "blocks":
    case "answers":
      return rest;
  }
}

/**
 * Items with one text changed; unchanged where the field takes no such text.
 * A text within a part of the item has a dotted name, such as `check.sql`.
 */
export function withItemText(
  items: Items,
  {
    collection,
    id,
    field,
    text,
  }: { collection: Collection; id: string; field: string; text: string },
): Items {
  const to = (item: Identified): Identified => {
    const edited = withText(item, field.split("."), text);
    const parsed = edited === null ? null : COLLECTIONS[collection].safeParse(edited);
    return parsed?.success === true ? parsed.data : item;
  };
  return withList(items, collection, change<Identified>(items[collection], id, to));
}

/** Text of a field, by its dotted name; null where there is none. */
export function textOf(item: Identified, field: string): string | null {
  let value: unknown = item;
  for (const name of field.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === "string" ? value : null;
}

function withText(part: unknown, [name, ...rest]: readonly string[], text: string): object | null {
  if (typeof part !== "object" || part === null || name === undefined) return null;
  if (!Object.hasOwn(part, name)) return null;
  const value = (part as Record<string, unknown>)[name];
  if (rest.length === 0) return typeof value === "string" ? { ...part, [name]: text } : null;
  const inner = withText(value, rest, text);
  return inner === null ? null : { ...part, [name]: inner };
}

/** Items with one at another place of its collection. */
export function withItemMoved(items: Items, collection: Collection, id: string, to: number): Items {
  return withList(items, collection, moved<Identified>(items[collection], id, to));
}

/** Items of which none names this finding any more. */
export function withoutFinding(items: Items, findingId: string): Items {
  const cited = <T extends { findingIds: string[] }>(list: readonly T[]): T[] =>
    list.map((item) =>
      item.findingIds.includes(findingId)
        ? { ...item, findingIds: item.findingIds.filter((f) => f !== findingId) }
        : item,
    );
  return {
    ...items,
    cells: items.cells.filter((c) => c.findingId !== findingId),
    whys: cited(items.whys),
    causes: cited(items.causes),
    failureModes: cited(items.failureModes),
    sweep: cited(items.sweep),
    factors: cited(items.factors),
    milestones: cited(items.milestones),
    impacts: cited(items.impacts),
    objectives: cited(items.objectives),
    blocks: items.blocks.filter((b) => b.findingId !== findingId),
  };
}

/** The functions above keep the kind of a collection's items. */
function withList(items: Items, collection: Collection, list: readonly Identified[]): Items {
  return { ...items, [collection]: list };
}

interface Branched extends Identified {
  readonly parentId: string | null;
}

/** What stands below the item, at any depth, goes with it. */
function withoutBranch<T extends Branched>(items: readonly T[], id: string): T[] {
  const gone = new Set([id]);
  for (let before = 0; before !== gone.size;) {
    before = gone.size;
    for (const item of items)
      if (item.parentId !== null && gone.has(item.parentId)) gone.add(item.id);
  }
  return items.filter((item) => !gone.has(item.id));
}
