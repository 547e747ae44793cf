import type { IStylesOptions } from "docx";
import { INK } from "./office-text.ts";

const FONT = "Calibri";
export const MONO = "Consolas";

/** Half points of a size in points. */
function points(size: number): number {
  return size * 2;
}

/** Styles by the names that Word gives them, so that a house template can take over. */
export const STYLES: IStylesOptions = {
  default: {
    document: {
      run: { font: FONT, size: points(10.5), color: INK.text, language: { value: "en-GB" } },
      paragraph: { spacing: { after: 120, line: 264, lineRule: "auto" } },
    },
    title: {
      run: { font: FONT, size: points(24), bold: true, color: INK.text },
      paragraph: { spacing: { after: 60 } },
    },
    heading1: {
      run: { font: FONT, size: points(16), bold: true, color: INK.text },
      paragraph: { spacing: { before: 260, after: 80 }, keepNext: true },
    },
    heading2: {
      run: { font: FONT, size: points(13), bold: true, color: INK.text },
      paragraph: { spacing: { before: 240, after: 80 }, keepNext: true },
    },
    heading3: {
      run: { font: FONT, size: points(11.5), bold: true, color: INK.text },
      paragraph: { spacing: { before: 200, after: 60 }, keepNext: true },
    },
    hyperlink: { run: { color: INK.accent, underline: {} } },
    footnoteText: { run: { font: FONT, size: points(8.5), color: INK.muted } },
  },
  paragraphStyles: [
    {
      id: "Subtitle",
      name: "Subtitle",
      basedOn: "Normal",
      next: "Normal",
      quickFormat: true,
      run: { size: points(11), color: INK.muted },
    },
    {
      id: "Lead",
      name: "Lead",
      basedOn: "Normal",
      quickFormat: true,
      run: { size: points(12) },
    },
    {
      id: "Muted",
      name: "Muted",
      basedOn: "Normal",
      quickFormat: true,
      run: { size: points(9.5), color: INK.muted },
    },
    {
      id: "Caption",
      name: "caption",
      basedOn: "Normal",
      next: "Normal",
      quickFormat: true,
      run: { size: points(9.5), italics: true, color: INK.muted },
      paragraph: { spacing: { before: 120, after: 60 }, keepNext: true },
    },
    {
      id: "Code",
      name: "Code",
      basedOn: "Normal",
      quickFormat: true,
      run: { font: MONO, size: points(8.5) },
      paragraph: { spacing: { after: 0, line: 240 } },
    },
    {
      id: "TableText",
      name: "Table Text",
      basedOn: "Normal",
      quickFormat: true,
      run: { size: points(9.5) },
      paragraph: { spacing: { after: 0, line: 240 } },
    },
  ],
  characterStyles: [
    { id: "CodeText", name: "Code Text", run: { font: MONO, size: points(9) } },
    { id: "TypedNumber", name: "Typed Number", run: { underline: { type: "dotted" } } },
  ],
};
