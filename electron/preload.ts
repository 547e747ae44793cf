import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { InquestBridge } from "../shared/contract/ipc.ts";

const bridge: InquestBridge = {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args) as Promise<unknown>,
  on: (event, listener) => {
    const forward = (_event: unknown, data: unknown): void => {
      listener(data);
    };
    ipcRenderer.on(event, forward);
    return () => ipcRenderer.removeListener(event, forward);
  },
  pathsOf: (files) => files.map(pathOf),
};

/** Electron before 29 has no `webUtils`; there the path is a member of the file. */
function pathOf(file: File & { readonly path?: string }): string {
  const utils = webUtils as typeof webUtils | undefined;
  return utils === undefined ? (file.path ?? "") : utils.getPathForFile(file);
}

contextBridge.exposeInMainWorld("inquest", bridge);
