import type { Windows } from "../../shared/model/window.ts";

/** A window as a stretch of a time axis, open ends far away. */
export interface WindowBand {
  readonly which: "baseline" | "incident";
  readonly from: number;
  readonly to: number;
}

const FAR = 8e15;

/** The windows that are cut by time, as bands behind a chart. */
export function bandsOf(windows: Windows | undefined): WindowBand[] {
  const bands: WindowBand[] = [];
  for (const which of ["baseline", "incident"] as const) {
    const window = windows?.[which];
    if (!window || (window.from === null && window.to === null)) continue;
    bands.push({ which, from: window.from ?? -FAR, to: window.to ?? FAR });
  }
  return bands;
}
