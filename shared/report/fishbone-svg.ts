import { LIGHT, type Palette } from "../model/palette.ts";
import type { FishboneLayout, FishboneLine } from "../reasoning/fishbone-layout.ts";
import type { FishboneText } from "../reasoning/fishbone-text.ts";
import { c, escapeText } from "./svg.ts";

/**
 * A fishbone as an SVG that needs nothing else: colours of paper, fonts of the
 * reader, a title and a description for who does not see it.
 */
export function fishboneSvg(layout: FishboneLayout, palette: Palette = LIGHT): string {
  const { width, height, lines, texts } = layout;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, 'DejaVu Sans', sans-serif">` +
    `<title>${escapeText(`Fishbone: ${wordsOf(texts.find((t) => t.kind === "problem"))}`)}</title>` +
    `<desc>${escapeText(describeFishbone(layout))}</desc>` +
    `<rect width="${width}" height="${height}" fill="${palette.ground}"/>` +
    lines.map((l) => drawLine(l, palette)).join("") +
    texts.map((t) => drawText(t, palette)).join("") +
    `</svg>`
  );
}

/** The same in words: each bone with its causes, which follow it among the texts. */
export function describeFishbone({ texts }: FishboneLayout): string {
  const bones: { name: string; causes: string[] }[] = [];
  for (const text of texts) {
    if (text.kind === "category") bones.push({ name: wordsOf(text), causes: [] });
    else if (text.kind === "cause") bones.at(-1)?.causes.push(wordsOf(text));
  }
  return bones.map((b) => `${b.name}: ${b.causes.join("; ") || "no cause"}.`).join(" ");
}

function wordsOf(text: FishboneText | undefined): string {
  return text?.lines.map((l) => l.text).join(" ") ?? "";
}

function drawLine({ kind, x1, y1, x2, y2 }: FishboneLine, palette: Palette): string {
  const style = {
    spine: [palette.text, 3],
    bone: [palette.series, 1.8],
    cause: [palette.series, 1],
    stem: [palette.muted, 0.8],
  } as const;
  const [stroke, width] = style[kind];
  const end = kind === "spine" ? x2 - 9 : x2;
  const arrow =
    kind === "spine" ? `<path d="M${c(x2)} ${c(y2)}l-11 -6v12z" fill="${palette.text}"/>` : "";
  return `<line x1="${c(x1)}" y1="${c(y1)}" x2="${c(end)}" y2="${c(y2)}" stroke="${stroke}" stroke-width="${width}"/>${arrow}`;
}

function drawText(text: FishboneText, palette: Palette): string {
  const { kind, x, y, width, height, size, bold, lines, marks } = text;
  const frame =
    kind === "cause"
      ? ""
      : `<rect x="${c(x)}" y="${c(y)}" width="${c(width)}" height="${c(height)}" rx="3" fill="${palette.ground}" stroke="${kind === "problem" ? palette.text : palette.series}"${kind === "problem" ? ' stroke-width="1.6"' : ""}/>`;
  const weight = bold ? ' font-weight="600"' : "";
  const words = lines
    .map(
      (l) =>
        `<text x="${c(l.x)}" y="${c(l.y)}" font-size="${size}" fill="${palette.text}"${weight}>${escapeText(l.text)}</text>`,
    )
    .join("");
  const cited =
    marks === null
      ? ""
      : `<text x="${c(marks.x)}" y="${c(marks.y)}" font-size="${size - 1.5}" font-weight="600" fill="${palette.baseline}">${escapeText(marks.text)}</text>`;
  return frame + words + cited;
}
