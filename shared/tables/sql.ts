/** Dialect helpers: the only place that knows how names and literals are quoted. */

/** A quoted identifier: `"user ""id"""`. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted string literal: `'it''s'`. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A numeric literal; infinities and NaN by cast, since SQL has no literal for them. */
export function num(value: number): string {
  if (Number.isNaN(value)) return "'NaN'::DOUBLE";
  if (value === Infinity) return "'Infinity'::DOUBLE";
  if (value === -Infinity) return "'-Infinity'::DOUBLE";
  return Number.isSafeInteger(value) ? String(value) : `${value.toExponential()}::DOUBLE`;
}
