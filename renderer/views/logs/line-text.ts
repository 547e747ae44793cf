import { HIT_END, HIT_START } from "../../../shared/model/log-query.ts";
import { time } from "../../widgets/format.ts";

/** A piece of a text, and whether it is a hit. */
export interface TextPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** A text cut where hits begin and end. */
export function partsOf(marked: string): TextPart[] {
  if (!marked.includes(HIT_START)) return [{ text: marked, isHit: false }];
  const parts: TextPart[] = [];
  for (const [i, piece] of marked.split(HIT_START).entries()) {
    const end = i === 0 ? -1 : piece.indexOf(HIT_END);
    if (end > 0) parts.push({ text: piece.slice(0, end), isHit: true });
    const rest = end === -1 ? piece : piece.slice(end + HIT_END.length);
    if (rest !== "") parts.push({ text: rest, isHit: false });
  }
  return parts;
}

export function withoutHits(marked: string): string {
  return marked.replaceAll(HIT_START, "").replaceAll(HIT_END, "");
}

/** Further fields as names and values; null where the text is no JSON object (cut, or hit across its signs). */
export function fieldsOf(json: string): [name: string, value: string][] | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.entries(value).map(([name, v]) => [
      name,
      typeof v === "string" ? v : JSON.stringify(v),
    ]);
  } catch {
    return null;
  }
}

/** `2024-05-12 03:00:00.120`, with microseconds where there are any. */
export function lineTime(micros: number | null, zone: string): string {
  if (micros === null) return "no time";
  const fraction = ((micros % 1e6) + 1e6) % 1e6;
  const digits = String(fraction).padStart(6, "0");
  return `${time(micros, zone)}.${digits.endsWith("000") ? digits.slice(0, 3) : digits}`;
}

/** A hue for a value, the same everywhere; none is the blue or the orange of the windows. */
export function hueOf(value: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return HUES[(hash >>> 8) % HUES.length] ?? 0;
}

const HUES = [275, 150, 325, 80, 178, 300, 120, 255] as const;
