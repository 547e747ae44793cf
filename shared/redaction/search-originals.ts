import { findInViews } from "./decoded-views.ts";
import { KnownValues } from "./known-values.ts";
import { withoutMarkers } from "./markers.ts";
import type { Original, RedactionKind } from "./sensitive.ts";

/** An original value that is still in an exported text, at an offset in UTF-16 units. */
export interface FoundOriginal {
  readonly value: string;
  readonly kind: RedactionKind;
  readonly at: number;
}

/**
 * Original values that survived in the text of an export: in any case, behind
 * HTML, JSON or percent escapes, with other separators or none, split by soft
 * hyphens or zero-width characters. Names and short secrets count as whole
 * words only; a secret that is a common word (`admin`) only where it is used as
 * one. The list ascends by place and is empty if the export may go out.
 */
export function findOriginals(text: string, originals: readonly Original[]): FoundOriginal[] {
  const known = new KnownValues(originals);
  const places = new Map<string, FoundOriginal>();
  for (const { kind, value, start } of findInViews(text, (view) =>
    withoutMarkers(view, known.find(view)),
  ))
    places.set(`${start} ${kind} ${value}`, { value, kind, at: start });
  return [...places.values()].sort((a, b) => a.at - b.at);
}
