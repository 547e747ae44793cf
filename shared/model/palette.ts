/**
 * Colours with a meaning. Baseline is always blue, incident always orange, in
 * every view and export; they differ in shape too (solid and hatched fills,
 * solid and dashed lines, circle and diamond marks). Text colours reach 4.5:1
 * on their ground, fills 3:1; blue and orange stay apart for colour-blind
 * readers (after Okabe and Ito, darkened for white paper).
 */
export interface Palette {
  readonly baseline: string;
  readonly incident: string;
  /** Large, pale areas behind charts. */
  readonly baselineBand: string;
  readonly incidentBand: string;
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly accent: string;
  readonly levels: Readonly<Record<string, string>>;
  /** Neutral colour for lanes that are neither baseline nor incident. */
  readonly series: string;
}

export const LIGHT: Palette = {
  baseline: "#0b6aa8",
  incident: "#b8500b",
  baselineBand: "rgba(11, 106, 168, 0.10)",
  incidentBand: "rgba(184, 80, 11, 0.12)",
  ground: "#ffffff",
  text: "#1c2127",
  muted: "#5b6672",
  grid: "#dde3e9",
  accent: "#2d72d2",
  levels: {
    fatal: "#7b1fa2",
    error: "#c62828",
    warn: "#a06a00",
    info: "#7d8a96",
    debug: "#aab4bd",
    trace: "#c9d1d8",
    other: "#c9d1d8",
  },
  series: "#4a5866",
};

export const DARK: Palette = {
  baseline: "#5caee8",
  incident: "#f0954a",
  baselineBand: "rgba(92, 174, 232, 0.14)",
  incidentBand: "rgba(240, 149, 74, 0.16)",
  ground: "#1c2127",
  text: "#f0f3f6",
  muted: "#a4b0bb",
  grid: "#383e47",
  accent: "#4c90f0",
  levels: {
    fatal: "#ce93d8",
    error: "#ef6a6a",
    warn: "#e0b040",
    info: "#8f9dab",
    debug: "#66727e",
    trace: "#4d5863",
    other: "#4d5863",
  },
  series: "#b4c0cb",
};
