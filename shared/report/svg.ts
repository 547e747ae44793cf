import { LIGHT } from "../model/palette.ts";

/** Small parts of hand-made SVG: paper is white, so the light palette it is. */
export const COLOURS = LIGHT;
export const WIDTH = 640;

/** Control characters and halves of pairs, which HTML does not allow. */
const INVALID = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

/** Text made safe for HTML and SVG. */
export function escapeText(text: string): string {
  return text
    .replace(INVALID, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Shortened to about this many characters. */
export function clip(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** A coordinate with one digit. */
export function c(value: number): string {
  return (Math.round(value * 10) / 10).toString();
}

interface TextOptions {
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly fill?: string;
  readonly weight?: number;
}

export function label(x: number, y: number, text: string, options: TextOptions = {}): string {
  const { anchor = "start", size = 11, fill = COLOURS.muted, weight } = options;
  const bold = weight === undefined ? "" : ` font-weight="${weight}"`;
  return `<text x="${c(x)}" y="${c(y)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${bold}>${escapeText(text)}</text>`;
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string = COLOURS.grid,
): string {
  return `<line x1="${c(x1)}" y1="${c(y1)}" x2="${c(x2)}" y2="${c(y2)}" stroke="${stroke}"/>`;
}

/** Round steps over a range: about `wanted` ticks. */
export function ticks(low: number, high: number, wanted: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((f) => f * power >= rough) ?? 10) * power;
  const found: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    // Neither -0 nor 0.30000000000000004.
    found.push(Number((k * step).toPrecision(12)) + 0);
  }
  return found;
}

/** The hatch that means incident; its id must be unique in the document. */
export function hatch(id: string): string {
  return `<defs><pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="${COLOURS.incident}" fill-opacity="0.12"/><line x1="0" y1="0" x2="0" y2="5" stroke="${COLOURS.incident}" stroke-width="1.6"/></pattern></defs>`;
}

/** The frame: accessible name and description, size, font. */
export function svg(height: number, title: string, description: string, body: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${c(height)}" width="${WIDTH}" height="${c(height)}" role="img" font-family="system-ui, 'DejaVu Sans', sans-serif"><title>${escapeText(title)}</title><desc>${escapeText(description)}</desc>${body}</svg>`;
}

/** Legend of both windows at the right of the top edge. */
export function legend(y: number, hatchId: string, baseline: string, incident: string): string {
  return (
    `<rect x="0" y="${c(y - 9)}" width="11" height="11" fill="${COLOURS.baseline}"/>` +
    label(16, y, baseline, { fill: COLOURS.text }) +
    `<rect x="220.5" y="${c(y - 8.5)}" width="10" height="10" fill="url(#${hatchId})" stroke="${COLOURS.incident}" stroke-dasharray="3 2"/>` +
    label(236, y, incident, { fill: COLOURS.text })
  );
}

/** Size of a picture made with `svg`, in its own units. */
export function sizeOfSvg(picture: string): { width: number; height: number } {
  const box = /viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"/.exec(picture);
  return { width: Number(box?.[1] ?? WIDTH), height: Number(box?.[2] ?? WIDTH / 2) };
}
