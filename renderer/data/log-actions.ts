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
import { logMarkdown, type LogMarkdownInput } from "../../shared/report/log-markdown.ts";
import { useSession } from "../state/session-store.ts";
import { pin } from "./pin.ts";
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
