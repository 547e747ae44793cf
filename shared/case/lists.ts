/** Lists of things with an id, changed by making new ones. */
export interface Identified {
  readonly id: string;
}

/** The list without that id. */
export function withoutId<T extends Identified>(items: readonly T[], id: string): T[] {
  return items.filter((item) => item.id !== id);
}

/** The list with `to(item)` in the place of that id. */
export function change<T extends Identified>(
  items: readonly T[],
  id: string,
  to: (item: T) => T,
): T[] {
  return items.map((item) => (item.id === id ? to(item) : item));
}

/** Replaces the item with the same id, or adds it at the end. */
export function upsert<T extends Identified>(items: readonly T[], item: T): T[] {
  return items.some((other) => other.id === item.id)
    ? change(items, item.id, () => item)
    : [...items, item];
}

/** The item at position `to` of the list without it; positions beyond the ends are the ends. */
export function moved<T extends Identified>(items: readonly T[], id: string, to: number): T[] {
  const item = items.find((other) => other.id === id);
  if (item === undefined) return [...items];
  const rest = withoutId(items, id);
  const at = Math.min(Math.max(to, 0), rest.length);
  return [...rest.slice(0, at), item, ...rest.slice(at)];
}
