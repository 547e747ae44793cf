import { join } from "node:path";
import { BrowserWindow, nativeTheme, type App } from "electron";
import type { AppInfo } from "../../shared/contract/ipc.ts";
import { readSamples } from "../samples.ts";
import type { Service } from "./register.ts";

/** Who we are, the samples that come with the application, and the window's look. */
export function appService(app: App, e2e: boolean, sampleFolders: string[]): Service<"app"> {
  const info: AppInfo = {
    version: app.getVersion(),
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    platform: process.platform,
    e2e,
    processStartedAt: process.getCreationTime() ?? performance.timeOrigin,
    casesDirectory: process.env["INQUEST_CASES"] ?? join(app.getPath("documents"), "Inquest"),
  };
  return {
    "app.info": () => Promise.resolve(info),
    "app.samples": () => readSamples(sampleFolders),
    "app.setTitle": ([title], sender) => {
      BrowserWindow.fromWebContents(sender)?.setTitle(title);
      return Promise.resolve(null);
    },
    "app.setTheme": ([theme]) => {
      nativeTheme.themeSource = theme;
      return Promise.resolve(null);
    },
  };
}
