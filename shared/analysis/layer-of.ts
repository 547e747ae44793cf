import type { Layer, Role } from "../model/role.ts";

/** Words in a metric's name that tell where it was measured; the first match counts. */
const METRIC_WORDS: readonly (readonly [RegExp, Layer])[] = [
  [
    /cpu|memory|\bmem|disk|node_|network|tcp|socket|file_?system|\bgc\b|heap|container|throttl|\bio(ps)?\b|gpu/iu,
    "infrastructure",
  ],
  [
    /accuracy|\bauc\b|ctr\b|precision|recall|\bf1\b|loss\b|drift|prediction|\bscore|confidence|brier|calibration|rmse|\bmae\b/iu,
    "model",
  ],
  [/feature|embedding/iu, "features"],
  [/null|freshness|ingest|rows|etl|staleness|partition|schema/iu, "data"],
];

/** The layer of a metric by its name; serving where nothing else fits. */
export function layerOfMetric(name: string): Layer {
  return METRIC_WORDS.find(([words]) => words.test(name))?.[1] ?? "serving";
}

/** The layer of a column of an own table by its role. */
export function layerOfRole(role: Role): Layer {
  switch (role) {
    case "prediction":
    case "score":
    case "model_version":
      return "model";
    case "timestamp":
    case "entity":
    case "label":
    case "weight":
    case "ignore":
      return "data";
    case "feature":
    case "segment":
      return "features";
    case "series":
    case "value":
    case "message":
    case "level":
    case "service":
      return "serving";
    case "host":
      return "infrastructure";
  }
}
