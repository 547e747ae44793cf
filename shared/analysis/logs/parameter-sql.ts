import { text } from "../../tables/sql.ts";
import { textOf, type Template, type TemplatePart } from "../../templates/template.ts";
import type { ParameterChange } from "../../model/log-comparison.ts";

/** A parameter of a template's text: the nth `<*>`. */
export interface ParameterPlace {
  readonly index: number;
  /** What stands left of it, and right of it, up to the next parameters. */
  readonly after: string;
  readonly before: string;
}

/** Parameters that are read of a template; further ones are passed over. */
export const MOST_PARAMETERS = 16;

/** The parameters of the form that a template is shown by, with their surroundings. */
export function placesOf(template: Template): ParameterPlace[] {
  const texts = textOf(template.forms[0] ?? []).split("<*>");
  return texts.slice(0, -1).map((after, index) => ({
    index,
    after,
    before: texts[index + 1] ?? "",
  }));
}

/**
 * The template's first form as a regular expression (RE2, flag `s`) with a group
 * for each of the first `MOST_PARAMETERS` parameters. Blanks may differ in width.
 */
export function templateRegex(template: Template): string {
  let parameters = 0;
  const parts = (template.forms[0] ?? []).map((part) => {
    const pattern = partRegex(part);
    if (part.kind !== "value" && part.kind !== "passage") return pattern;
    return parameters++ < MOST_PARAMETERS ? `(${pattern})` : `(?:${pattern})`;
  });
  return `^\\s*${parts.join("")}\\s*$`;
}

function partRegex(part: TemplatePart): string {
  switch (part.kind) {
    case "text":
      return escaped(part.text);
    case "gap":
      return part.text.split(/\s+/).map(escaped).join("\\s+");
    case "value":
    case "passage":
      return ".*?";
  }
}

function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** SQL: the part of a message that its template is made of; a stack trace below it is no parameter. */
export const FIRST_LINE = "split_part(message, chr(10), 1)";

/** SQL: the message's parameter, NULL where the message has another form. */
export function messageParameterSql(template: Template, index: number): string {
  const pattern = text(templateRegex(template));
  return `CASE WHEN regexp_matches(${FIRST_LINE}, ${pattern}, 's') THEN regexp_extract(${FIRST_LINE}, ${pattern}, ${String(index + 1)}, 's') END`;
}

/**
 * SQL: the value of a key of the JSON object in `fields`, as text, NULL where it has
 * none. A regular expression: the database has no JSON functions. Keys inside
 * objects are met too; the first one counts.
 */
export function fieldParameterSql(key: string): string {
  const name = escaped(JSON.stringify(key));
  return `nullif(regexp_extract(fields, ${text(`${name}\\s*:\\s*"?([^",}\\]]*)`)}, 1), '')`;
}

/** SQL: a parameter as it was compared. */
export function parameterSql(template: Template, source: ParameterChange["source"]): string {
  return source.kind === "message"
    ? messageParameterSql(template, source.index)
    : fieldParameterSql(source.key);
}

/** SQL: the number at the beginning of a text, thousands separated or not; NULL where there is none. */
export function leadingNumberSql(value: string): string {
  return `try_cast(replace(regexp_extract(${value}, '^\\s*([-+]?[0-9][0-9,]*\\.?[0-9]*(?:[eE][-+]?[0-9]+)?)', 1), ',', '') AS DOUBLE)`;
}
