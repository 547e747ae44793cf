import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
});
export type Bounds = z.infer<typeof Bounds>;

/** Where the window was and how it looked; `window.json` in the user's data folder. */
export const WindowState = z.object({
  bounds: Bounds.nullable(),
  maximized: z.boolean(),
  theme: z.enum(["light", "dark", "system"]),
});
export type WindowState = z.infer<typeof WindowState>;

const FIRST: WindowState = { bounds: null, maximized: false, theme: "system" };

/** What was remembered; the defaults if there is nothing readable. */
export function readWindowState(path: string): WindowState {
  try {
    return WindowState.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return FIRST;
  }
}

/** Remembers; synchronous, because it happens while the window closes. A failure costs only the memory. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.tmp`, JSON.stringify(state));
    renameSync(`${path}.tmp`, path);
  } catch {
    // A full disk must not keep the window from closing.
  }
}

/** True if enough of the window would be on one of the screens to take hold of it. */
export function isReachable(bounds: Bounds, screens: readonly Bounds[]): boolean {
  return screens.some((screen) => {
    const wide =
      Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    const top = bounds.y >= screen.y && bounds.y < screen.y + screen.height - 40;
    return wide >= 120 && top;
  });
}
