import { FocusStyleManager, OverlaysProvider } from "@blueprintjs/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { onIpc } from "../data/ipc-client.ts";
import { queryClient } from "../data/queries.ts";
import { startApp } from "../data/case-actions.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { runMenuCommand } from "./use-shortcuts.ts";
import { CommandPalette } from "./command-palette.tsx";
import { DropTarget } from "./drop-target.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { NewCaseDialog } from "./new-case-dialog.tsx";
import { Shell } from "./shell.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { useTheme } from "./use-theme.ts";

FocusStyleManager.onlyShowFocusOnTabs();

const GuideDialog = lazy(() => import("../views/guide/guide-dialog.tsx"));

/** The choice of a guide, once somebody asks for it. */
function Guides() {
  const open = useSession((s) => s.guidesOpen);
  return open ? (
    <Suspense fallback={null}>
      <GuideDialog />
    </Suspense>
  ) : null;
}

/** The whole window. `openPath` is a case named on the command line. */
export function App({ openPath }: { openPath: string | null }) {
  const theme = useView((s) => s.theme);
  useTheme(theme);
  useShortcuts();
  useEffect(
    () =>
      onIpc("menu.command", ({ id }) => {
        runMenuCommand(id);
      }),
    [],
  );
  useEffect(() => {
    performance.mark("inquest:first-view");
    void startApp(openPath);
  }, [openPath]);
  return (
    <OverlaysProvider>
      <QueryClientProvider client={queryClient}>
        <div className={theme === "dark" ? "iq-app bp6-dark" : "iq-app"}>
          <ErrorBoundary>
            <Shell />
            <CommandPalette />
            <NewCaseDialog />
            <Guides />
            <DropTarget />
          </ErrorBoundary>
        </div>
      </QueryClientProvider>
    </OverlaysProvider>
  );
}
