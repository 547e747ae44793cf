import { useQuery } from "@tanstack/react-query";
import { unreachable } from "../../shared/base/result.ts";
import type { Audience } from "../../shared/model/reasoning.ts";
import type { BlockDocument } from "../../shared/report/blocks.ts";
import { buildReport } from "../../shared/report/build-report.ts";
import { findingsFile } from "../../shared/report/findings-json.ts";
import { renderHtml } from "../../shared/report/html.ts";
import { renderMarkdown } from "../../shared/report/markdown.ts";
import type { ReportInput } from "../../shared/report/report-input.ts";
import { useCase } from "../state/case-store.ts";
import { useView } from "../state/view-store.ts";
import {
  useComparison,
  useComparisonDepth,
  useModelPerformance,
  useSuspects,
  useWindowPair,
} from "./comparison.ts";
import { ipc } from "./ipc-client.ts";
import { useDataVersion } from "./queries.ts";
import { rasterise } from "./rasterise.ts";
import { reportInput } from "./report-input.ts";
import { getEngine } from "./services.ts";

export const REPORT_FORMATS = [
  { id: "html", name: "HTML", description: "one file, readable anywhere" },
  { id: "pdf", name: "PDF", description: "the same on paper, with page numbers" },
  { id: "docx", name: "Word", description: "to be worked on further: styles, editable tables" },
  { id: "pptx", name: "PowerPoint", description: "a deck with speaker notes" },
  { id: "md", name: "Markdown", description: "for a wiki or an issue" },
  { id: "json", name: "findings.json", description: "for other programs" },
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number]["id"];

/** What the report of the open case is made from; undefined while it is being worked out. */
export function useReportInput(): ReportInput | undefined {
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
    placeholderData: (previous: ReportInput | undefined) => previous,
    queryFn: async (): Promise<ReportInput> => {
      if (state === null) throw new Error("no case is open");
      return reportInput(
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
    },
  });
  return data;
}

/** A report that is ready to be rendered: what it is made from, and its blocks. */
export interface ReadyReport {
  readonly input: ReportInput;
  readonly document: BlockDocument;
  readonly audience: Audience;
}

/** The report of the open case for the chosen audience; null while it is being made. */
export function useReport(): ReadyReport | null {
  const input = useReportInput();
  const audience = useView((s) => s.audience);
  return input === undefined ? null : readyReport(input, audience);
}

export function readyReport(input: ReportInput, audience: Audience): ReadyReport {
  return { input, document: buildReport(input, audience), audience };
}

interface WrittenFile {
  readonly path: string;
  readonly format: string;
  readonly sha256: string;
}

/** Bytes of a report in one format. */
export async function renderReport(
  { input, document, audience }: ReadyReport,
  format: ReportFormat,
  files: readonly WrittenFile[],
): Promise<Uint8Array> {
  switch (format) {
    case "html":
      return new TextEncoder().encode(renderHtml(document));
    case "md":
      return new TextEncoder().encode(renderMarkdown(document));
    case "json":
      return new TextEncoder().encode(`${JSON.stringify(findingsFile(input, files), null, 2)}\n`);
    case "docx": {
      const { renderDocx } = await import("../../shared/report/office/docx.ts");
      return renderDocx(document, rasterise);
    }
    case "pptx": {
      const { renderPptx } = await import("../../shared/report/office/pptx.ts");
      return renderPptx(document, rasterise);
    }
    case "pdf": {
      const printed = await ipc("report.printPdf", {
        html: renderHtml(document),
        title: document.title,
        onePage: audience === "executive",
      });
      if (!printed.ok) throw new Error(printed.error.message);
      return printed.value.bytes;
    }
    default:
      return unreachable(format);
  }
}
