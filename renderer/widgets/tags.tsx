import type { Layer } from "../../shared/model/role.ts";
import type { Verdict } from "../../shared/model/shift.ts";
import "./tags.css";

const VERDICT_WORDS: Record<Verdict, string> = {
  major: "major",
  minor: "minor",
  none: "no change",
};

/** How much something changed, in a word; shape and colour say the same. */
export function VerdictTag({ verdict }: { verdict: Verdict }) {
  return <span className={`iq-verdict iq-verdict-${verdict}`}>{VERDICT_WORDS[verdict]}</span>;
}

export const LAYER_WORDS: Record<Layer, string> = {
  data: "data",
  features: "features",
  model: "model",
  serving: "serving",
  infrastructure: "infrastructure",
  people: "people and process",
};

export function LayerTag({ layer }: { layer: Layer }) {
  return <span className="iq-layer">{LAYER_WORDS[layer]}</span>;
}

/** The sign of a window: solid blue square for baseline, hatched orange for incident. */
export function WindowMark({ which }: { which: "baseline" | "incident" }) {
  return <span className={`iq-window-mark iq-window-mark-${which}`} aria-hidden="true" />;
}
