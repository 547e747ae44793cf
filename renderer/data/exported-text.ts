import { findOriginals } from "../../shared/redaction/search-originals.ts";
import type { PseudonymEntry } from "../../shared/redaction/pseudonyms.ts";
import { renderHtml } from "../../shared/report/html.ts";
import { unzipTexts } from "./unzip-texts.ts";
import type { ReadyReport, ReportFormat } from "./report.ts";

/**
 * Searches an exported file for the values that its redaction was to hide. The
 * sentence that refuses the export, or null where none of them is left.
 */
export async function originalsIn(
  report: ReadyReport,
  format: ReportFormat,
  bytes: Uint8Array,
  originals: readonly PseudonymEntry[],
): Promise<string | null> {
  if (originals.length === 0) return null;
  for (const text of await textsOf(report, format, bytes)) {
    const [first] = findOriginals(text, originals);
    if (first !== undefined) {
      const { pseudonym } = originals.find((o) => o.value === first.value) ?? { pseudonym: "" };
      return `The redacted ${format} was not written: a value of the kind “${first.kind}” (${pseudonym}) is still in it at character ${first.at}. Nothing left the case.`;
    }
  }
  return null;
}

/** The texts of an exported file as a reader or a program finds them. */
async function textsOf(
  { document }: ReadyReport,
  format: ReportFormat,
  bytes: Uint8Array,
): Promise<string[]> {
  switch (format) {
    case "html":
    case "md":
    case "json":
      return [new TextDecoder().decode(bytes)];
    case "docx":
    case "pptx":
      return unzipTexts(bytes);
    case "pdf":
      // Its pages are packed; they are printed from this, and the rest (title, outline) is not.
      return [renderHtml(document), new TextDecoder("latin1").decode(bytes)];
  }
}
