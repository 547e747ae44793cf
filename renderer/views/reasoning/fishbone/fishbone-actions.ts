import type { FishboneCategory, FishboneCause, Items } from "../../../../shared/model/reasoning.ts";
import { moveCause, replaceCategories } from "../../../../shared/reasoning/fishbone-edit.ts";
import type { FishboneLayout } from "../../../../shared/reasoning/fishbone-layout.ts";
import { describeFishbone, fishboneSvg } from "../../../../shared/report/fishbone-svg.ts";
import { ipc } from "../../../data/ipc-client.ts";
import { fileStamp, writeExport } from "../../../data/export-report.ts";
import { changeItem, inTurn, newItemId, setItem, setItems } from "../../../data/items.ts";
import { rasterise } from "../../../data/rasterise.ts";
import { useCase } from "../../../state/case-store.ts";
import { useSession } from "../../../state/session-store.ts";

function items(): Items | null {
  return useCase.getState().state?.items ?? null;
}

/** Adds an empty cause to a bone, or to another cause; answers its id. */
export async function addCause(categoryId: string, parentId: string | null): Promise<string> {
  const id = newItemId();
  const item: FishboneCause = { id, categoryId, parentId, text: "", findingIds: [] };
  await setItem({ collection: "causes", item });
  return id;
}

/** Adds a bone without a name; answers its id. */
export async function addCategory(): Promise<string> {
  const id = newItemId();
  await setItem({ collection: "categories", item: { id, name: "" } });
  return id;
}

export function citeFindings(causeId: string, findingIds: string[]): Promise<void> {
  return changeItem("causes", causeId, (cause) => ({ ...cause, findingIds }));
}

/** Hangs a cause and what is on it on another bone. */
export function moveToBone(causeId: string, categoryId: string): Promise<void> {
  return inTurn(async () => {
    const moved = moveCause(items()?.causes ?? [], causeId, categoryId);
    if (moved.length === 0) return;
    await setItems(moved.map((item) => ({ collection: "causes" as const, item })));
  });
}

/** Bones by these names in the place of those that are there; causes of a bone that stays are kept. */
export function applyPreset(names: readonly string[]): Promise<void> {
  return inTurn(async () => {
    const { categories = [], causes = [] } = items() ?? {};
    await replaceAll(categories, replaceCategories(categories, causes, names, newItemId));
  });
}

/** Bones of one's own: those with causes stay, and a new one begins; answers its id. */
export async function beginOwnCategories(): Promise<string> {
  const own: FishboneCategory = { id: newItemId(), name: "" };
  await inTurn(async () => {
    const { categories = [], causes = [] } = items() ?? {};
    const used = categories.filter((c) => causes.some((cause) => cause.categoryId === c.id));
    await replaceAll(categories, { categories: [...used, own], causes });
  });
  return own.id;
}

async function replaceAll(
  before: readonly FishboneCategory[],
  after: {
    readonly categories: readonly FishboneCategory[];
    readonly causes: readonly FishboneCause[];
  },
): Promise<void> {
  await setItems(
    [
      ...after.categories.map((item) => ({ collection: "categories" as const, item })),
      ...after.causes.map((item) => ({ collection: "causes" as const, item })),
    ],
    // All go and come again, so that they stand in the new order.
    before.map(({ id }) => ({ collection: "categories", id })),
  );
}

/** Writes the picture into `exports/` of the case, on white paper, and says where. */
export async function exportFishbone(layout: FishboneLayout, format: "svg" | "png"): Promise<void> {
  const { notify } = useSession.getState();
  const svg = fishboneSvg(layout);
  const { width, height } = layout;
  const picture = { svg, width, height, alt: describeFishbone(layout), title: "Fishbone" };
  const bytes = format === "svg" ? new TextEncoder().encode(svg) : await rasterise(picture, 2);
  let path: string;
  try {
    ({ path } = await writeExport(`fishbone-${fileStamp()}.${format}`, format, bytes));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    notify({ kind: "error", message: `The fishbone was not written: ${why}` });
    return;
  }
  notify({
    kind: "info",
    message: `Fishbone written: ${path}`,
    action: { label: "Show file", run: () => void ipc("case.reveal", { path }) },
  });
}
