import type { Window } from "../../../shared/model/window.ts";
import { duration } from "../../widgets/format.ts";
import { localText } from "../../widgets/local-time.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `1 May 00:00`; with the year where it is not that of `beside`, with seconds where there are any. */
function shortTime(micros: number, zone: string, withYear: boolean): string {
  const text = localText(micros, zone);
  const day = `${String(Number(text.slice(8, 10)))} ${MONTHS[Number(text.slice(5, 7)) - 1] ?? ""}`;
  const clock = text.slice(11, 16) + (text.slice(17, 19) === "00" ? "" : text.slice(16, 19));
  return withYear ? `${day} ${text.slice(0, 4)} ${clock}` : `${day} ${clock}`;
}

/** A window in one line: `1 May 2024 00:00 – 22 May 00:00 UTC (21 d)`, `model_version = v7`, `not set`. */
export function windowText(window: Window | null, zone: string): string {
  if (window === null) return "not set";
  const parts: string[] = [];
  const { from, to, filter } = window;
  if (from !== null && to !== null) {
    const sameYear = localText(from, zone).slice(0, 4) === localText(to, zone).slice(0, 4);
    parts.push(
      `${shortTime(from, zone, true)} – ${shortTime(to, zone, !sameYear)} ${zone} (${duration(to - from)})`,
    );
  } else if (from !== null) parts.push(`from ${shortTime(from, zone, true)} ${zone}`);
  else if (to !== null) parts.push(`until ${shortTime(to, zone, true)} ${zone}`);
  if (filter !== undefined) {
    const values = filter.values.slice(0, 4).join(", ");
    const more = filter.values.length > 4 ? ` and ${String(filter.values.length - 4)} more` : "";
    parts.push(`${filter.column} = ${values}${more}`);
  }
  return parts.join(", ");
}
