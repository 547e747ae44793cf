import { REDACTION_KINDS, type Sensitive } from "./sensitive.ts";

/** What stands in place of a value: `[email 1]`. */
const MARKER = new RegExp(String.raw`\[(?:${REDACTION_KINDS.join("|")}) (\d+)\\?\]`, "g");

/** The pseudonym of the `number`th value of a kind. */
export function markerOf(kind: Sensitive["kind"], number: number): string {
  return `[${kind} ${number}]`;
}

/** The number in a pseudonym; 0 where it has another form. */
export function numberOfMarker(pseudonym: string): number {
  return Number([...pseudonym.matchAll(MARKER)][0]?.[1] ?? 0);
}

/**
 * What is found in a text without what lies in a pseudonym or cuts one. A find
 * that holds a whole pseudonym and more stays.
 */
export function withoutMarkers(text: string, found: readonly Sensitive[]): readonly Sensitive[] {
  if (found.length === 0) return found;
  const markers = Array.from(text.matchAll(MARKER), ({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  if (markers.length === 0) return found;
  return found.filter((item) => {
    const first = markers[firstEndingAfter(markers, item.start)];
    if (!first || first.start >= item.end) return true;
    const last = markers[firstEndingAfter(markers, item.end - 1)];
    const cutsLast = last !== undefined && last.start < item.end && last.end > item.end;
    const equal = first.start === item.start && first.end === item.end;
    return first.start >= item.start && !cutsLast && !equal;
  });
}

function firstEndingAfter(markers: readonly { readonly end: number }[], at: number): number {
  let low = 0;
  let high = markers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((markers[middle]?.end ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
