import { BrowserWindow, dialog, type OpenDialogOptions, type WebContents } from "electron";

/** Asks for one folder; null if the person thinks better of it. */
export async function chooseFolder(sender: WebContents, title: string): Promise<string | null> {
  const properties: OpenDialogOptions["properties"] = ["openDirectory", "createDirectory"];
  const [folder] = await show(sender, { title, properties });
  return folder ?? null;
}

/** Asks for files, many at once; empty if the person thinks better of it. */
export function chooseFiles(sender: WebContents, title: string): Promise<string[]> {
  return show(sender, { title, properties: ["openFile", "multiSelections"] });
}

/** Asks for folders to read; empty if the person thinks better of it. */
export function chooseFolders(sender: WebContents, title: string): Promise<string[]> {
  return show(sender, { title, properties: ["openDirectory", "multiSelections"] });
}

async function show(sender: WebContents, options: OpenDialogOptions): Promise<string[]> {
  const window = BrowserWindow.fromWebContents(sender);
  const answer =
    window === null
      ? await dialog.showOpenDialog(options)
      : await dialog.showOpenDialog(window, options);
  return answer.canceled ? [] : answer.filePaths;
}
