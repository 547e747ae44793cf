import type { OpenedCase } from "../../shared/contract/ipc.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { recoverDrafts } from "./drafts.ts";
import { checkOriginals } from "./evidence-actions.ts";
import { addPaths } from "./import-actions.ts";
import { restoreRows } from "./restore-rows.ts";
import { getEngine } from "./services.ts";

/**
 * After a case is opened: the database of the case, rows that are missing in
 * it, texts that a crash left unfinished, imports that never ended, originals
 * that are not what they were.
 */
export async function restoreCase(opened: OpenedCase): Promise<void> {
  const { notify } = useSession.getState();
  if (opened.readOnly === null) await recover(opened);
  // A second window may not write into the first one's database file.
  const database = opened.readOnly === null ? `case-${opened.file.id}` : null;
  const ready = await getEngine().open(database);
  if (!ready.ok) {
    notify({
      kind: "error",
      message: `The database of the case could not be opened: ${ready.error.message}`,
    });
    return;
  }
  await restoreRows();
  await checkOriginals();
}

async function recover(opened: OpenedCase): Promise<void> {
  const { state, append } = useCase.getState();
  if (state === null) return;
  const { notify } = useSession.getState();
  const recovered = await recoverDrafts(opened.path, state);
  if (recovered > 0) {
    notify({
      kind: "info",
      message: "Text that was being typed when Inquest stopped last time is back in its place.",
    });
  }
  for (const { id, path } of state.unfinishedImports) {
    await append({
      type: "evidence/import-ended",
      data: {
        id,
        outcome: "interrupted",
        message: "Inquest stopped in the middle of this import.",
      },
    });
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    notify({
      kind: "info",
      message: `The import of ${name} was interrupted; nothing of it is in the case.`,
      action: { label: "Import it again", run: () => void addPaths([path]) },
    });
  }
}
