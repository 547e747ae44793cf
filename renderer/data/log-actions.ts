import { Fault } from "../../shared/base/result.ts";
import type { Finding } from "../../shared/model/finding.ts";
import type {
  FollowerChange,
  StackChange,
  TemplateChange,
} from "../../shared/model/log-comparison.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import {
  findingFromFollower,
  findingFromStack,
  findingFromTemplate,
  type LogChart,
} from "../../shared/reasoning/log-finding.ts";
import type { NewFinding } from "../../shared/reasoning/make-finding.ts";
import { logMarkdown, type LogMarkdownInput } from "../../shared/report/log-markdown.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { getEngine } from "./services.ts";

/** How often a template was written in both windows. */
export function pinTemplate(
  logs: TableMeta,
  change: TemplateChange,
  chart: LogChart | null,
): Promise<boolean> {
  return pin((fresh, windows) =>
    findingFromTemplate(getEngine(), fresh, logs, change, chart, windows),
  );
}

/** Two templates that no longer follow each other, or do so now. */
export function pinFollower(
  logs: TableMeta,
  change: FollowerChange,
  sql: string,
): Promise<boolean> {
  return pin((fresh, windows) =>
    findingFromFollower(getEngine(), fresh, logs, change, sql, windows),
  );
}

export function pinStack(change: StackChange, sql: string): Promise<boolean> {
  return pin((fresh, windows) => findingFromStack(getEngine(), fresh, change, sql, windows));
}

/** Puts a finding on record; says so, or why not. */
async function pin(
  make: (fresh: NewFinding, windows: Record<string, unknown>) => Promise<Finding>,
): Promise<boolean> {
  const { notify } = useSession.getState();
  const windows = { ...useCase.getState().state?.windows };
  try {
    const fresh = { id: crypto.randomUUID(), createdAt: new Date().toISOString() };
    const finding = await make(fresh, windows);
    if (!(await useCase.getState().append({ type: "finding/pinned", data: finding }))) return false;
    notify({
      kind: "info",
      passing: true,
      message: `Pinned: ${finding.title}.`,
      action: {
        label: "Show findings",
        run: () => {
          useView.getState().show("findings");
        },
      },
    });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    notify({ kind: "error", message: `Not pinned: ${thrown.message}` });
    return false;
  }
}

/** A template of the log comparison as Markdown to the clipboard; says so, or why not. */
export async function copyTemplate(input: LogMarkdownInput): Promise<boolean> {
  const { notify } = useSession.getState();
  try {
    await navigator.clipboard.writeText(logMarkdown(input));
    notify({ kind: "info", passing: true, message: "Copied: the template as Markdown." });
    return true;
  } catch (thrown) {
    // The clipboard refuses with a DOMException: no focus, no permission.
    if (!(thrown instanceof DOMException)) throw thrown;
    notify({ kind: "error", message: `Not copied: ${thrown.message}` });
    return false;
  }
}
