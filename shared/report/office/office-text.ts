import type { Inline, ReportPicture, Tone } from "../blocks.ts";

/** Draws a picture as PNG, `scale` pixels for each of its units. */
export type Rasterise = (picture: ReportPicture, scale: number) => Promise<Uint8Array>;

/** Pixels for each unit of a picture: sharp on paper and on a projector. */
export const PICTURE_SCALE = 3;

/** Colours of the office formats, without the hash that these do not write. */
export const INK = {
  text: "1C2127",
  muted: "5B6672",
  accent: "215DB0",
  baseline: "0B6AA8",
  incident: "B8500B",
  grid: "C9D1D8",
  band: "EEF2F6",
  good: "1C6E42",
  major: "9E2B0E",
  minor: "7A5200",
  caution: "FFF3D9",
  draft: "FDECE4",
  goodBand: "E4F3EA",
  keyBand: "E8F0FA",
} as const;

/** Colour of a tone in running text. */
export const TONES: Readonly<Record<Tone, string>> = {
  major: INK.major,
  minor: INK.minor,
  good: INK.good,
  muted: INK.muted,
};

/** Ground of a callout by its tone. */
export const CALLOUTS = {
  caution: INK.caution,
  draft: INK.draft,
  good: INK.goodBand,
  key: INK.keyBand,
} as const;

/** Characters that XML 1.0 has no place for. */
const INVALID = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Text as XML can hold it. */
export function clean(text: string): string {
  return text.replace(INVALID, "\ufffd");
}

/** True for a number that a person typed and that no finding holds. */
export function isByHand(inline: Inline): boolean {
  return inline.kind === "number" && inline.findingIds.length === 0;
}

/** `Draft`, `In review`, `Final, version 2`. */
export function statusText(status: "draft" | "in review" | "final", version: number): string {
  if (status === "final") return `Final, version ${version}`;
  return status === "draft" ? "Draft" : "In review";
}
