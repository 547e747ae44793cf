import type { Symptom } from "../../../shared/model/case.ts";
import { Layer } from "../../../shared/model/role.ts";
import type { Lane } from "../../../shared/model/timeline.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";

/** Measured lanes beside log volume, events and the symptom, as long as the person has not chosen. */
const MEASURED = 6;

/**
 * The lanes to start with: log volume, events, the symptom, then metrics and
 * features in turn. The list arrives with the series that vary most first.
 */
export function defaultLanes(lanes: readonly Lane[], symptom: Symptom | null): string[] {
  const chosen = lanes
    .filter((l) => l.kind === "notes" || l.kind === "log-levels" || l.kind === "events")
    .map((l) => l.id);
  const noticed = symptom === null ? undefined : lanes.find((l) => isSymptom(l, symptom.metric));
  if (noticed !== undefined) chosen.push(noticed.id);
  const rest = (kind: Lane["kind"]) =>
    lanes.filter((l) => l.kind === kind && !chosen.includes(l.id));
  const series = rest("series");
  const features = rest("feature");
  let room = MEASURED;
  for (let i = 0; room > 0 && i < Math.max(series.length, features.length); i++) {
    for (const lane of [series[i], features[i]]) {
      if (lane === undefined || room === 0) continue;
      chosen.push(lane.id);
      room -= 1;
    }
  }
  return chosen.length > 0 ? chosen : lanes.slice(0, MEASURED).map((l) => l.id);
}

/** Each once, and only those that there are. */
export function chosenLanes(ids: readonly string[], lanes: readonly Lane[]): string[] {
  return [...new Set(ids)].filter((id) => lanes.some((l) => l.id === id));
}

/** The symptom is named by its column, its series key, or the series' name without labels. */
function isSymptom(lane: Lane, metric: string): boolean {
  if (lane.subject === null || lane.statistic === "null_rate") return false;
  return lane.subject === metric || lane.subject.startsWith(`${metric}{`);
}

/** Lanes in the order in which they stand, with what is said before the first of each layer. */
export interface OrderedLane {
  readonly lane: Lane;
  readonly group: string | null;
}

/** As chosen, or by layer and as chosen within it. */
export function orderedLanes(chosen: readonly Lane[], byLayer: boolean): OrderedLane[] {
  if (!byLayer) return chosen.map((lane) => ({ lane, group: null }));
  return Layer.options.flatMap((layer) =>
    chosen
      .filter((lane) => lane.layer === layer)
      .map((lane, k) => ({ lane, group: k === 0 ? LAYER_WORDS[layer] : null })),
  );
}
