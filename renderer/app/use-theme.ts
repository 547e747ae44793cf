import { useEffect } from "react";
import { ipc } from "../data/ipc-client.ts";
import type { Theme } from "../state/view-store.ts";

/** Overlays live outside the application's element: the body carries the theme for them. */
export function useTheme(theme: Theme): void {
  useEffect(() => {
    document.body.classList.toggle("bp6-dark", theme === "dark");
    document.body.style.background = "var(--iq-ground)";
    void ipc("app.setTheme", theme);
  }, [theme]);
}
