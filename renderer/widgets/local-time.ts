import { formatIso, parseIso, type EvidenceTime } from "../../shared/base/time.ts";
import { fromLocal, zoneOffset } from "./chart/time-axis.ts";

/** `2024-05-01 00:00:00` in the zone, with a fraction only where there is one. */
export function localText(micros: number | null, zone: string): string {
  if (micros === null) return "";
  return formatIso((micros + zoneOffset(micros, zone)) as EvidenceTime)
    .replace("T", " ")
    .replace("Z", "");
}

/** Reads what a person types: with an offset it is taken as it is, without one it is a time of the zone. */
export function parseLocal(text: string, zone: string): number | null {
  const micros = parseIso(text);
  if (micros === null) return null;
  return /(?:Z|[+-]\d\d:?\d\d)\s*$/.test(text.trim().slice(10)) ? micros : fromLocal(micros, zone);
}
