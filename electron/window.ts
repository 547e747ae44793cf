import { join } from "node:path";
import { app, BrowserWindow, dialog, Menu, nativeTheme, screen } from "electron";
import { APP_ORIGIN } from "./app-protocol.ts";
import { buildMenu } from "./menu.ts";
import { isReachable, readWindowState, saveWindowState } from "./window-state.ts";

const SIZE = { width: 1440, height: 900 };
/** The page's background in both themes, so that nothing flashes before the first paint. */
const BACKGROUND = { light: "#ffffff", dark: "#1c2127" };

export interface WindowOptions {
  readonly preload: string;
  /** A case to open at the start. */
  readonly open: string | null;
  readonly e2e: boolean;
}

/** Opens the window where it was the last time. */
export async function openWindow(options: WindowOptions): Promise<BrowserWindow> {
  const stateFile = join(app.getPath("userData"), "window.json");
  const state = readWindowState(stateFile);
  nativeTheme.themeSource = state.theme;
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const known = state.bounds !== null && isReachable(state.bounds, screens) ? state.bounds : SIZE;
  const window = new BrowserWindow({
    ...known,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: "Inquest",
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  if (state.maximized) window.maximize();
  Menu.setApplicationMenu(buildMenu(window, !app.isPackaged));
  window.once("ready-to-show", () => {
    window.show();
  });
  window.on("page-title-updated", (event) => {
    // The title is set through `app.setTitle`.
    event.preventDefault();
  });
  window.on("close", () => {
    saveWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      theme: nativeTheme.themeSource,
    });
  });
  offerReload(window, options.e2e);
  await window.loadURL(pageUrl(options.open));
  return window;
}

function pageUrl(open: string | null): string {
  const url = `${APP_ORIGIN}/index.html`;
  return open === null ? url : `${url}?open=${encodeURIComponent(open)}`;
}

/** After a crash of the page: nothing is lost, the case is on the disk. */
function offerReload(window: BrowserWindow, e2e: boolean): void {
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit" || window.isDestroyed()) return;
    process.stderr.write(`The window's process ended (${reason}).\n`);
    if (e2e) return;
    void dialog
      .showMessageBox(window, {
        type: "error",
        message: "The window stopped working.",
        detail: `Your case is saved up to the last entry (reason: ${reason}).`,
        buttons: ["Reload", "Quit"],
      })
      .then(({ response }) => {
        if (response === 0) window.reload();
        else app.quit();
      });
  });
}
