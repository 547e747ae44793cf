import { BrowserWindow } from "electron";
import type { PrintPages } from "../app-protocol.ts";

const MM_PER_INCH = 25.4;
const FONT = "font: 8px sans-serif; color: #555; width: 100%; margin: 0 16mm;";

/**
 * Prints a self-contained HTML document as A4 PDF, with its title above and
 * page numbers below. The page has no preload, no script and no network.
 */
export async function printPdf(
  pages: PrintPages,
  html: string,
  title: string,
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
    const pdf = await window.webContents.printToPDF({
      pageSize: "A4",
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
    });
    // A copy that is only the PDF: the buffer may be a view of a larger one.
    return new Uint8Array(pdf);
  } finally {
    window.destroy();
    page.remove();
  }
}

function inches(millimetres: number): number {
  return millimetres / MM_PER_INCH;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
