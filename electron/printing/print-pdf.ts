import { BrowserWindow } from "electron";
import type { PrintPages } from "../app-protocol.ts";

const MM_PER_INCH = 25.4;
const FONT = "font: 8px sans-serif; color: #555; width: 100%; margin: 0 16mm;";

/** Sizes to try where a report should fit a page; below the last nobody would read it. */
const SCALES = [0.9, 0.8, 0.7, 0.6];

/**
 * Prints a self-contained HTML document as A4 PDF, with its title above and
 * page numbers below. The page has no preload, no script and no network.
 */
export async function printPdf(
  pages: PrintPages,
  html: string,
  { title, onePage }: { title: string; onePage: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const page = pages.add(html);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      sandbox: true,
      javascript: false,
      spellcheck: false,
      webSecurity: true,
    },
  });
  try {
    await window.loadURL(page.url);
    const options = {
      pageSize: "A4" as const,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: `<div style="${FONT}">${escapeHtml(title)}</div>`,
      footerTemplate: `<div style="${FONT} text-align: right;"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`,
      margins: {
        top: inches(20),
        bottom: inches(18),
        left: inches(16),
        right: inches(16),
      },
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    };
    let pdf = await window.webContents.printToPDF(options);
    for (const scale of onePage ? SCALES : []) {
      if (pagesOf(pdf) <= 1) break;
      pdf = await window.webContents.printToPDF({ ...options, scale });
    }
    // A copy that is only the PDF: the buffer may be a view of a larger one.
    return new Uint8Array(pdf);
  } finally {
    window.destroy();
    page.remove();
  }
}

/** The printing writes a plain object for each page. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

function inches(millimetres: number): number {
  return millimetres / MM_PER_INCH;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
