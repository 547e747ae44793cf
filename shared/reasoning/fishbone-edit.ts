import type { FishboneCategory, FishboneCause } from "../model/reasoning.ts";

/** Sets of bones to begin with. */
export const FISHBONE_PRESETS = [
  {
    id: "general",
    name: "People, process, technology, environment",
    categories: ["People", "Process", "Technology", "Environment"],
  },
  {
    id: "layers",
    name: "ML layers",
    categories: ["Data", "Features", "Model", "Serving", "Infrastructure", "People and process"],
  },
] as const;

/** Sub-causes hang on causes, and once more on these. */
const DEEPEST = 2;

/** Level of a cause: 0 on the bone. */
export function levelOf(causes: readonly FishboneCause[], cause: FishboneCause): number {
  const parent = causes.find((c) => c.id === cause.parentId);
  return parent === undefined ? 0 : 1 + levelOf(causes, parent);
}

/** True where another cause may hang on this one. */
export function takesSubCause(causes: readonly FishboneCause[], cause: FishboneCause): boolean {
  return levelOf(causes, cause) < DEEPEST;
}

/** The cause and all that hangs on it, hung on another bone; empty where it is there already. */
export function moveCause(
  causes: readonly FishboneCause[],
  id: string,
  categoryId: string,
): readonly FishboneCause[] {
  const cause = causes.find((c) => c.id === id);
  if (cause === undefined || (cause.categoryId === categoryId && cause.parentId === null)) {
    return [];
  }
  const below = (parentId: string): FishboneCause[] =>
    causes.filter((c) => c.parentId === parentId).flatMap((c) => [c, ...below(c.id)]);
  return [
    { ...cause, categoryId, parentId: null },
    ...below(id).map((c) => ({ ...c, categoryId })),
  ];
}

/**
 * Bones by these names, in this order, in the place of those that are there. A
 * bone of the same name stays with its causes; the others go, with theirs.
 */
export function replaceCategories(
  categories: readonly FishboneCategory[],
  causes: readonly FishboneCause[],
  names: readonly string[],
  newId: () => string,
): {
  readonly categories: readonly FishboneCategory[];
  readonly causes: readonly FishboneCause[];
} {
  const plain = (name: string): string => name.trim().toLowerCase();
  const kept = names.map((name) => {
    const same = categories.find((c) => plain(c.name) === plain(name));
    return same ?? { id: newId(), name };
  });
  const ids = new Set(kept.map((c) => c.id));
  return { categories: kept, causes: causes.filter((c) => ids.has(c.categoryId)) };
}
