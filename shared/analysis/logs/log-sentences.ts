import type { TemplateChange } from "../../model/log-comparison.ts";
import { formatNumber, formatShare } from "../sentences.ts";

/** "34 lines in the incident and none in the baseline." and why it counts as it does. */
export function templateSentence(change: Omit<TemplateChange, "sentence">): string {
  const { baseline, incident, kind } = change;
  const times = change.timeRatio;
  switch (kind) {
    case "new":
      return `${lines(incident.lines)} in the incident, none in the baseline${caveat(change)}`;
    case "vanished":
      return `${lines(baseline.lines)} in the baseline, none in the incident${caveat(change)}`;
    case "burst":
      return `${formatNumber(times ?? 0)} times as many lines per time, most of them in a short part of the incident${share(change)}${caveat(change)}`;
    case "level_shift":
      return `${formatNumber(times ?? 0)} times as many lines per time, through the incident${share(change)}${caveat(change)}`;
    case "thinned":
      return `only ${formatNumber(times ?? 0)} times as many lines per time${share(change)}${caveat(change)}`;
    case "steady":
      return `${formatNumber(times ?? 1)} times as many lines per time, within what it and its services usually do`;
  }
}

function lines(n: number): string {
  return `${formatNumber(n)} line${n === 1 ? "" : "s"}`;
}

function share({ baseline, incident }: Omit<TemplateChange, "sentence">): string {
  return `; ${formatShare(baseline.share)} of the lines of its services before, ${formatShare(incident.share)} in the incident`;
}

/** What keeps a change from counting more. */
function caveat({ verdict, kind, dispersion }: Omit<TemplateChange, "sentence">): string {
  if (verdict === "major") return "";
  if (verdict === "minor") {
    return dispersion > 4 ? ", which comes in bursts anyway" : "";
  }
  return kind === "new" || kind === "vanished" ? "; too few to tell from chance" : "";
}
