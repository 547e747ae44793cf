import { NonIdealState, Spinner } from "@blueprintjs/core";
import {
  AlignLeftIcon,
  ChangesIcon,
  ComparisonIcon,
  DocumentIcon,
  HelpIcon,
  IconSize,
  ListIcon,
  PathSearchIcon,
  PinIcon,
  SearchIcon,
  ThIcon,
  TimelineLineChartIcon,
  DatabaseIcon,
  DiagramTreeIcon,
  FolderCloseIcon,
} from "@blueprintjs/icons";
import { Suspense, lazy, type ComponentType, type ReactNode } from "react";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView, type View } from "../state/view-store.ts";
import { Banners } from "./banners.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { WelcomeView } from "../views/welcome/welcome-view.tsx";

const VIEWS: Record<Exclude<View, "welcome">, ComponentType> = {
  evidence: lazy(() => import("../views/evidence/evidence-view.tsx")),
  schema: lazy(() => import("../views/schema/schema-view.tsx")),
  templates: lazy(() => import("../views/templates/templates-view.tsx")),
  logs: lazy(() => import("../views/logs/logs-view.tsx")),
  compare: lazy(() => import("../views/compare/compare-view.tsx")),
  changes: lazy(() => import("../views/changes/changes-view.tsx")),
  timeline: lazy(() => import("../views/timeline/timeline-view.tsx")),
  suspects: lazy(() => import("../views/suspects/suspects-view.tsx")),
  findings: lazy(() => import("../views/findings/findings-view.tsx")),
  reasoning: lazy(() => import("../views/reasoning/reasoning-view.tsx")),
  report: lazy(() => import("../views/report/report-view.tsx")),
  help: lazy(() => import("../views/help/help-view.tsx")),
  library: lazy(() => import("../views/library/library-view.tsx")),
  postmortem: lazy(() => import("../views/postmortem/post-mortem-view.tsx")),
};
const GuidePanel = lazy(() => import("../views/guide/guide-panel.tsx"));
const WindowsPanel = lazy(() => import("../views/windows/windows-panel.tsx"));

/** Views in which the two windows matter show them on top. */
const WITH_WINDOWS: ReadonlySet<View> = new Set<View>([
  "changes",
  "compare",
  "timeline",
  "suspects",
]);

export function Shell() {
  const hasCase = useCase((s) => s.opened !== null);
  const chosen = useView((s) => s.view);
  const view: View = hasCase || chosen === "help" || chosen === "library" ? chosen : "welcome";
  const isGuided = useCase((s) => s.state?.guide != null);
  const Body = view === "welcome" ? WelcomeView : VIEWS[view];
  return (
    <div
      className={hasCase ? "iq-shell" : "iq-shell iq-shell-bare"}
      data-view={view}
      data-guided={isGuided}
    >
      <TopBar />
      {hasCase ? <Navigation view={view} /> : <div />}
      <main className="iq-main" aria-label={view}>
        <Banners />
        {hasCase && WITH_WINDOWS.has(view) && (
          <ErrorBoundary>
            <Suspense fallback={null}>
              <WindowsPanel />
            </Suspense>
          </ErrorBoundary>
        )}
        <div className="iq-view" key={view} tabIndex={0}>
          <ErrorBoundary>
            <Suspense fallback={<NonIdealState icon={<Spinner size={24} />} />}>
              <Body />
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      {isGuided && (
        <ErrorBoundary>
          <Suspense fallback={<aside />}>
            <GuidePanel />
          </Suspense>
        </ErrorBoundary>
      )}
      <StatusBar />
    </div>
  );
}

interface Item {
  readonly view: Exclude<View, "welcome">;
  readonly label: string;
  readonly icon: ReactNode;
}

const ITEMS: readonly Item[] = [
  { view: "evidence", label: "Evidence", icon: <DatabaseIcon size={IconSize.STANDARD} /> },
  { view: "schema", label: "Schema", icon: <ThIcon size={IconSize.STANDARD} /> },
  { view: "templates", label: "Templates", icon: <AlignLeftIcon size={IconSize.STANDARD} /> },
  { view: "logs", label: "Logs", icon: <ListIcon size={IconSize.STANDARD} /> },
  { view: "changes", label: "Changes", icon: <ChangesIcon size={IconSize.STANDARD} /> },
  { view: "compare", label: "Compare", icon: <ComparisonIcon size={IconSize.STANDARD} /> },
  { view: "timeline", label: "Timeline", icon: <TimelineLineChartIcon size={IconSize.STANDARD} /> },
  { view: "suspects", label: "Suspects", icon: <SearchIcon size={IconSize.STANDARD} /> },
  { view: "findings", label: "Findings", icon: <PinIcon size={IconSize.STANDARD} /> },
  {
    view: "reasoning",
    label: "Reasoning",
    icon: <DiagramTreeIcon size={IconSize.STANDARD} />,
  },
  { view: "report", label: "Report", icon: <DocumentIcon size={IconSize.STANDARD} /> },
];

function Navigation({ view }: { view: View }) {
  const show = useView((s) => s.show);
  const evidence = useCase((s) => s.state?.evidence.length ?? 0);
  const findings = useCase((s) => s.state?.findings.length ?? 0);
  const counts: Partial<Record<View, number>> = { evidence, findings };
  const item = ({ view: target, label, icon }: Item) => (
    <button
      key={target}
      type="button"
      className="iq-nav-item"
      aria-current={(view === "postmortem" ? "evidence" : view) === target ? "page" : undefined}
      onClick={() => {
        show(target);
      }}
    >
      {icon}
      {label}
      {(counts[target] ?? 0) > 0 && <span className="iq-nav-count">{counts[target]}</span>}
    </button>
  );
  return (
    <nav className="iq-nav" aria-label="Steps of the investigation">
      {ITEMS.map(item)}
      <div className="iq-nav-spring" />
      <button
        type="button"
        className="iq-nav-item"
        onClick={() => {
          useSession.getState().set({ guidesOpen: true });
        }}
      >
        <PathSearchIcon size={IconSize.STANDARD} />
        Guides…
      </button>
      {item({
        view: "library",
        label: "Library",
        icon: <FolderCloseIcon size={IconSize.STANDARD} />,
      })}
      {item({ view: "help", label: "Help", icon: <HelpIcon size={IconSize.STANDARD} /> })}
    </nav>
  );
}
