import type { Shape } from "./shape.ts";

/** A piece of a template: what a message has there, exactly or in general. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  /** Blanks and punctuation whose blanks differ in width. */
  | { readonly kind: "gap"; readonly text: string }
  /** One value: a parameter of the statement. */
  | { readonly kind: "value" }
  /** A passage of several tokens, one parameter: a list, a quantity with its unit, free text. */
  | { readonly kind: "passage" };

/** One statement of a program, as far as its messages tell it. */
export interface Template {
  /** A hash of the text: the same in every file and session. */
  readonly id: string;
  /** Constants, with `<*>` for each parameter and one blank for every run of blanks. */
  readonly text: string;
  /** What the person who edits calls it. */
  readonly name?: string;
  /** The ways in which its messages are built; nearly always one. */
  readonly forms: readonly (readonly TemplatePart[])[];
  readonly shapeIds: readonly number[];
  /** The member shapes, for edits; not of interest to those who only count. */
  readonly shapes: readonly Shape[];
  readonly count: number;
  readonly example: string;
}

export const WILDCARD = "<*>";

/** The text of a form as it is shown and hashed. */
export function textOf(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => (part.kind === "text" || part.kind === "gap" ? part.text : WILDCARD))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

/** One template of forms that read alike; counts and example are those of the shapes. */
export function makeTemplate(
  forms: readonly (readonly TemplatePart[])[],
  shapes: readonly Shape[],
): Template {
  const text = textOf(forms[0] ?? []);
  const ordered = shapes.toSorted((a, b) => a.id - b.id);
  const most = ordered.reduce<Shape | undefined>(
    (best, shape) => (best === undefined || shape.count > best.count ? shape : best),
    undefined,
  );
  return {
    id: idOfText(text),
    text,
    forms,
    shapeIds: ordered.map((shape) => shape.id),
    shapes: ordered,
    count: ordered.reduce((sum, shape) => sum + shape.count, 0),
    example: most?.example ?? "",
  };
}

/** Templates in the order of their counts; equal counts by text. */
export function compareTemplates(a: Template, b: Template): number {
  if (a.count !== b.count) return b.count - a.count;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

/** 53 bits of FNV-1a in two lanes, as 14 hexadecimal digits. */
export function idOfText(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
  low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  const number = ((high ^ (low >>> 7)) >>> 11) * 4294967296 + ((low ^ (low >>> 16)) >>> 0);
  return number.toString(16).padStart(14, "0");
}
