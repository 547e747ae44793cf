import type { CaseEvent, JournalLine } from "../../shared/case/events.ts";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import { useCase, setJournalWriter } from "../state/case-store.ts";
import { useImports } from "../state/import-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { addPaths, addGrants, importsWaitFor } from "./import-actions.ts";
import { ipc } from "./ipc-client.ts";
import { queryClient } from "./queries.ts";
import { getEngine } from "./services.ts";
import { installTestHook } from "./test-hook.ts";

/** Appends to the journal through the main process; throws what a person should read. */
export async function appendToJournal(path: string, events: CaseEvent[]): Promise<JournalLine[]> {
  const answer = await ipc("case.append", { path, events });
  if (answer.ok) return answer.value;
  throw new Error(answer.error.message);
}

/** First things after the first paint: writer, engine warm-up, recent cases, a case named on the command line. */
export async function startApp(openPath: string | null): Promise<void> {
  setJournalWriter(appendToJournal);
  await painted();
  const engine = getEngine();
  engine.onStatus((status) => {
    useSession.getState().set({ engine: status });
  });
  const info = await ipc("app.info");
  if (info.e2e) installTestHook();
  await refreshRecent();
  if (openPath !== null) await openCase(openPath);
  else void engine.open(null);
}

/** Settles when the first frame is on the screen: starting the engine would hold it up. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      setTimeout(resolve, 0);
    });
  });
}

export async function refreshRecent(): Promise<void> {
  useSession.getState().set({ recent: await ipc("case.recent") });
}

export function newCase(): void {
  useSession.getState().set({ newCaseOpen: true });
}

/** Makes the case folder (a dialog asks where, unless a directory is given) and opens it. */
export async function createCase(name: string, directory: string | null): Promise<boolean> {
  const answer = await ipc("case.create", { name, directory });
  if (!answer.ok) {
    if (answer.error.kind !== "cancelled") report(answer.error.message);
    return false;
  }
  await enter(answer.value);
  const waiting = useSession.getState().droppedPaths;
  if (waiting.length > 0) {
    useSession.getState().set({ droppedPaths: [] });
    await addPaths(waiting);
  }
  return true;
}

/** Opens a case folder; without a path a dialog asks for it. */
export async function openCase(path: string | null): Promise<void> {
  const answer = await ipc("case.open", { path });
  if (!answer.ok) {
    if (answer.error.kind !== "cancelled") report(answer.error.message);
    await refreshRecent();
    return;
  }
  await enter(answer.value);
}

export async function closeCase(): Promise<void> {
  const { opened } = useCase.getState();
  if (opened === null) return;
  for (const item of useImports.getState().pending) {
    if (item.phase.kind === "running") item.phase.abort.abort();
  }
  useCase.getState().close();
  useView.getState().reset();
  useView.getState().show("welcome");
  useImports.getState().clear();
  useSession.getState().clearNotices();
  useSession.getState().set({ originals: {} });
  queryClient.clear();
  await ipc("app.setTitle", "Inquest");
  await ipc("case.close", { path: opened.path });
  await getEngine().close();
  await refreshRecent();
}

async function enter(opened: OpenedCase): Promise<void> {
  if (useCase.getState().opened !== null) await closeCase();
  const session = useSession.getState();
  session.clearNotices();
  useView.getState().reset();
  queryClient.clear();
  useCase.getState().open(opened);
  useView.getState().show("evidence");
  await ipc("app.setTitle", `${opened.file.name} – Inquest`);
  for (const trouble of opened.journalTrouble) {
    session.notify({ kind: "error", message: trouble.message });
  }
  session.set({ busy: "opening the case" });
  const { restoreCase } = await import("./restore-case.ts");
  const restored = restoreCase(opened).finally(() => {
    session.set({ busy: null });
  });
  importsWaitFor(restored);
  await restored;
  await refreshRecent();
}

/** File dialog, then previews. */
export async function chooseEvidence(): Promise<void> {
  if (useCase.getState().opened === null) return;
  useView.getState().show("evidence");
  await addGrants(await ipc("evidence.choose"));
}

/** The same for folders. */
export async function chooseEvidenceFolder(): Promise<void> {
  if (useCase.getState().opened === null) return;
  useView.getState().show("evidence");
  await addGrants(await ipc("evidence.chooseFolder"));
}

export async function addDroppedPaths(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  if (useCase.getState().opened === null) {
    useSession.getState().set({ droppedPaths: paths, newCaseOpen: true });
    return;
  }
  useView.getState().show("evidence");
  await addPaths(paths);
}

/** The sample incident: a case of its own, evidence imported, windows set. */
export async function openSample(id: string): Promise<void> {
  const sample = (await ipc("app.samples")).find((s) => s.id === id);
  if (sample === undefined) {
    report(`The sample "${id}" is not part of this installation.`);
    return;
  }
  const { openRecipeInWindow } = await import("./open-recipe.ts");
  await openRecipeInWindow(sample.recipePath, { create: enterNew });
}

async function enterNew(name: string, directory: string): Promise<boolean> {
  const answer = await ipc("case.create", { name, directory });
  if (answer.ok) {
    await enter(answer.value);
    return true;
  }
  report(answer.error.message);
  return false;
}

export function report(message: string): void {
  useSession.getState().notify({ kind: "error", message });
}
