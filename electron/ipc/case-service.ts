import { shell, type WebContents } from "electron";
import { ok } from "../../shared/base/result.ts";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import type { CaseStore } from "../case-store/case-store.ts";
import type { RecentCases } from "../case-store/recent-cases.ts";
import { fault } from "../faults.ts";
import { chooseFolder } from "./dialogs.ts";
import type { Service } from "./register.ts";

/** Case folders: create, open, append, drafts, exports. */
export function caseService(
  store: CaseStore,
  recent: RecentCases,
  known: RecentCases,
): Service<"case"> {
  /** Being in the list of recent cases is a convenience: opening does not fail for it. */
  async function remembered(opened: OpenedCase): Promise<OpenedCase> {
    for (const list of [recent, known]) {
      await list.remember(opened.path, opened.file.name).catch(() => undefined);
    }
    return opened;
  }

  return {
    "case.create": async ([{ name, directory }], sender) => {
      const place = directory ?? (await askForFolder(sender, "Where to keep the case"));
      return ok(await remembered(await store.create(place, name)));
    },
    "case.open": async ([{ path }], sender) => {
      const place = path ?? (await askForFolder(sender, "Open a case (a folder NAME.inquest)"));
      return ok(await remembered(await store.open(place)));
    },
    "case.close": async ([{ path }]) => {
      await store.close(path);
      return null;
    },
    "case.recent": () => recent.list(),
    "case.forget": async ([{ path }]) => {
      await recent.forget(path);
      return null;
    },
    "case.append": async ([{ path, events }]) => ok(await store.append(path, events)),
    "case.saveDraft": async ([{ path, key, text }]) => {
      await store.saveDraft(path, key, text);
      return ok(null);
    },
    "case.drafts": ([{ path }]) => store.drafts(path),
    "case.writeExport": async ([{ path, name, bytes }]) =>
      ok(await store.writeExport(path, name, bytes)),
    "case.reveal": ([{ path }]) => {
      shell.showItemInFolder(path);
      return Promise.resolve(null);
    },
  };
}

async function askForFolder(sender: WebContents, title: string): Promise<string> {
  const folder = await chooseFolder(sender, title);
  if (folder === null) throw fault("cancelled", "No folder was chosen.");
  return folder;
}
