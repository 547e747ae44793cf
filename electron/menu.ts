import { Menu, type BrowserWindow, type MenuItemConstructorOptions } from "electron";
import type { IpcEventData } from "../shared/contract/ipc.ts";

type Item = MenuItemConstructorOptions;

/**
 * The menu of the window. Items of our own send the id of a command; the page
 * decides what it means where the person is (undo in a text field is the text's
 * own). A key that the page handles itself never arrives here.
 */
export function buildMenu(window: BrowserWindow, development: boolean): Electron.Menu {
  const command = (id: string, label: string, accelerator?: string): Item => ({
    id,
    label,
    ...(accelerator !== undefined && { accelerator }),
    click: () => {
      const data: IpcEventData<"menu.command"> = { id };
      window.webContents.send("menu.command", data);
    },
  });
  const line: Item = { type: "separator" };
  const mac = process.platform === "darwin";

  const file: Item = {
    label: "&File",
    submenu: [
      command("new-case", "New case…", "CmdOrCtrl+N"),
      command("open-case", "Open case…", "CmdOrCtrl+O"),
      line,
      command("add-evidence", "Add evidence…", "CmdOrCtrl+I"),
      command("add-folder", "Add evidence folder…"),
      command("export-report", "Export report…", "CmdOrCtrl+E"),
      line,
      mac ? { role: "close" } : { role: "quit" },
    ],
  };
  const edit: Item = {
    label: "&Edit",
    submenu: [
      command("undo", "Undo", "CmdOrCtrl+Z"),
      command("redo", "Redo", mac ? "Shift+Cmd+Z" : "Ctrl+Y"),
      line,
      { role: "cut" },
      { role: "copy" },
      { role: "paste" },
      { role: "selectAll" },
    ],
  };
  const view: Item = {
    label: "&View",
    submenu: [
      command("command-palette", "Command palette…", "CmdOrCtrl+K"),
      command("toggle-theme", "Light or dark", "CmdOrCtrl+Shift+L"),
      line,
      { role: "zoomIn" },
      { role: "zoomOut" },
      { role: "resetZoom" },
      { role: "togglefullscreen" },
      ...(development ? ([line, { role: "reload" }, { role: "toggleDevTools" }] as Item[]) : []),
    ],
  };
  const help: Item = { role: "help", submenu: [command("help", "Help", "F1")] };
  const own: Item[] = mac ? [{ role: "appMenu" }] : [];
  const windows: Item[] = mac ? [{ role: "windowMenu" }] : [];
  return Menu.buildFromTemplate([...own, file, edit, view, ...windows, help]);
}
