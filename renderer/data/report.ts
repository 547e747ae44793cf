import { useQuery } from "@tanstack/react-query";
import { findingsFile } from "../../shared/report/findings-json.ts";
import { renderHtml } from "../../shared/report/html.ts";
import { renderMarkdown } from "../../shared/report/markdown.ts";
import type { ReportInput } from "../../shared/report/report-input.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import {
  useComparison,
  useComparisonDepth,
  useModelPerformance,
  useSuspects,
  useWindowPair,
} from "./comparison.ts";
import { ipc } from "./ipc-client.ts";
import { useDataVersion } from "./queries.ts";
import { reportInput } from "./report-input.ts";
import { getEngine } from "./services.ts";

export const REPORT_FORMATS = [
  { id: "html", name: "HTML", description: "one file, no script, readable anywhere" },
  { id: "pdf", name: "PDF", description: "the same on paper, with page numbers" },
  { id: "md", name: "Markdown", description: "for a wiki or an issue" },
  { id: "json", name: "findings.json", description: "for other programs" },
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number]["id"];

/** The report of the open case as it stands now; null while it is being made. */
export function useReport(): { input: ReportInput | null; html: string | null } {
  const state = useCase((s) => s.state);
  const windows = useWindowPair();
  const comparison = useComparison();
  const suspects = useSuspects();
  const models = useModelPerformance();
  const depth = useComparisonDepth();
  const version = useDataVersion();
  const settled =
    windows === null ||
    ((comparison.isSuccess || comparison.isError) &&
      (suspects.isSuccess || suspects.isError || comparison.isError) &&
      (depth.isSuccess || depth.isError || comparison.isError) &&
      (models.isSuccess || models.isError || models.fetchStatus === "idle"));
  const { data } = useQuery({
    queryKey: [
      "report",
      version,
      state,
      comparison.dataUpdatedAt,
      suspects.dataUpdatedAt,
      models.dataUpdatedAt,
      depth.dataUpdatedAt,
    ],
    enabled: state !== null && settled,
    placeholderData: (previous: Made | undefined) => previous,
    queryFn: async (): Promise<Made> => {
      if (state === null) throw new Error("no case is open");
      const input = await reportInput(
        getEngine(),
        {
          state,
          comparison: comparison.data ?? null,
          suspects: suspects.data ?? [],
          models: models.data ?? null,
          depth: depth.data ?? null,
          failed: [],
        },
        await ipc("app.info"),
      );
      latest = input;
      return { input, html: renderHtml(input) };
    },
  });
  return { input: data?.input ?? null, html: data?.html ?? null };
}

interface Made {
  readonly input: ReportInput;
  readonly html: string;
}

/** What the preview shows is what is exported. */
let latest: ReportInput | null = null;

/** Bytes of a report in one format. */
export async function renderReport(
  input: ReportInput,
  format: ReportFormat,
  files: { path: string; format: string; sha256: string }[],
): Promise<Uint8Array> {
  switch (format) {
    case "html":
      return new TextEncoder().encode(renderHtml(input));
    case "md":
      return new TextEncoder().encode(renderMarkdown(input));
    case "json":
      return new TextEncoder().encode(`${JSON.stringify(findingsFile(input, files), null, 2)}\n`);
    case "pdf": {
      const printed = await ipc("report.printPdf", {
        html: renderHtml(input),
        title: input.state.name,
      });
      if (!printed.ok) throw new Error(printed.error.message);
      return printed.value.bytes;
    }
  }
}

/** Writes the report into `exports/` of the case and the journal; JSON last, since it names the others. */
export async function exportReport(formats: readonly ReportFormat[]): Promise<void> {
  const { opened, append } = useCase.getState();
  if (opened === null || latest === null) return;
  const input = latest;
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
  const files: { path: string; format: string; sha256: string }[] = [];
  for (const format of [...formats].sort((a, b) => Number(a === "json") - Number(b === "json"))) {
    const name = format === "json" ? `findings-${stamp}.json` : `report-${stamp}.${format}`;
    const bytes = await renderReport(input, format, files);
    const written = await ipc("case.writeExport", { path: opened.path, name, bytes });
    if (!written.ok) throw new Error(written.error.message);
    files.push({ ...written.value, format });
    await append({
      type: "report/exported",
      data: { ...written.value, format, at: new Date().toISOString() },
    });
  }
  useSession.getState().notify({
    kind: "info",
    message: `Report written: ${files.map((f) => f.path.slice(Math.max(f.path.lastIndexOf("/"), f.path.lastIndexOf("\\")) + 1)).join(", ")}.`,
  });
}
