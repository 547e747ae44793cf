/** Everything between a fresh clone and a running application, except the build. */
import { ensureDependencies } from "./dependencies.mjs";
import { ensureElectron } from "./electron-runtime.mjs";
import { ensureSystemLibraries } from "./system.mjs";

export { ensureDependencies, ensureElectron, ensureSystemLibraries };
export { ensureDisplay, withDisplay } from "./system.mjs";

/** All of it in order, up to the display; answers how to start Electron. */
export function ensureAll() {
  ensureDependencies();
  const electron = ensureElectron();
  ensureSystemLibraries(electron.executable);
  return electron;
}
