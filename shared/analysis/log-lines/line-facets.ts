import type { LogField, LogSearch } from "../../model/log-query.ts";
import type { TemplateEdit } from "../../model/template-edit.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows, STRING_OR_NULL } from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";
import { readTemplates } from "../list-templates.ts";
import { signalOf } from "./signal.ts";

export interface LogValue {
  /** Null: the line does not say. */
  readonly value: string | null;
  readonly lines: number;
}
/** Values of the fields over all lines, most frequent first. */
export type LogFacets = { readonly [F in LogField]: readonly LogValue[] } & {
  /** Fields with more values than are listed. */
  readonly cut: readonly LogField[];
};
/** A template as a filter needs it: with all its shapes. */
export interface LogTemplate {
  readonly id: string;
  readonly text: string;
  readonly name: string | null;
  readonly lines: number;
  readonly shapes: readonly number[];
}

const FIELDS: readonly LogField[] = ["level", "service", "host"];
const MOST_VALUES = 500;

/** What level, service and host can be, for choosing. */
export async function logFacets(
  engine: Engine,
  _input: Record<string, never>,
  options: QueryOptions = {},
): Promise<LogFacets> {
  const facets: Record<LogField, LogValue[]> = { level: [], service: [], host: [] };
  const cut: LogField[] = [];
  for (const field of FIELDS) {
    const rows = await queryRows(
      engine,
      `SELECT ${field} AS value, count(*) AS lines FROM logs GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${String(MOST_VALUES + 1)}`,
      { value: STRING_OR_NULL, lines: NUMBER },
      signalOf(options),
    );
    facets[field] = rows.slice(0, MOST_VALUES);
    if (rows.length > MOST_VALUES) cut.push(field);
  }
  return { ...facets, cut };
}

/** All templates, edits made, most frequent first. */
export async function logTemplates(
  engine: Engine,
  { edits }: { readonly edits: readonly TemplateEdit[] },
  options: QueryOptions = {},
): Promise<LogTemplate[]> {
  const templates = await readTemplates(engine, edits, options);
  return templates
    .map((t) => ({
      id: t.id,
      text: t.text,
      name: t.name ?? null,
      lines: t.count,
      shapes: t.shapeIds,
    }))
    .sort((a, b) => b.lines - a.lines || (a.text < b.text ? -1 : 1));
}

/** Why a pattern cannot be searched, in RE2's words; null where it can. */
export async function logPatternProblem(
  engine: Engine,
  { search }: { readonly search: LogSearch },
  options: QueryOptions = {},
): Promise<string | null> {
  if (search.syntax === "plain") return null;
  const result = await engine.query(
    `SELECT regexp_matches('', ${text(search.text)})`,
    signalOf(options),
  );
  if (result.ok || result.error.kind !== "sql") return null;
  return result.error.message.replace(/^Invalid Input Error: /, "");
}
