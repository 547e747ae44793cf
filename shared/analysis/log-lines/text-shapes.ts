import type { LogSearch } from "../../model/log-query.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { LOG_SHAPES } from "../../tables/log-store.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";

/** What the shapes of messages tell about a text: lines of these need not be read. */
export interface TextShapes {
  /** Shapes whose constants have it: each of their messages does. */
  readonly have: readonly number[];
  /** Every shape has it. */
  readonly isAll: boolean;
}

/** More shapes than this make the list slower than reading the messages. */
const MOST_SHAPES = 20_000;

/**
 * Which shapes have a plain text in their constants. Null where shapes tell
 * nothing: for patterns, and for texts with characters that stand otherwise in
 * JSON. That a shape lacks the text tells nothing of its messages: it may stand
 * in a value, or in the lines of a stack trace below.
 *
 * Tokens of a shape are neighbours in the message, but for values: joined, with
 * a mark where a value was, they hold only texts that all its messages have.
 */
export async function textShapes(
  engine: Engine,
  search: LogSearch,
  options: QueryOptions = {},
): Promise<TextShapes | null> {
  if (search.syntax === "regex" || /["\\\p{C}]/u.test(search.text)) return null;
  const fold = (sql: string): string => (search.caseSensitive ? sql : `lower(${sql})`);
  const constants = fold(`replace(replace(texts, '""', '"\u0001"'), '","', '')`);
  const rows = await queryRows(
    engine,
    `SELECT id, bool_and(hit)::INTEGER AS hit FROM (
       SELECT id, NOT overflow AND contains(${constants}, ${fold(text(search.text))}) AS hit FROM ${LOG_SHAPES})
     GROUP BY id ORDER BY 2 DESC, 1 LIMIT ${String(MOST_SHAPES + 1)}`,
    { id: NUMBER, hit: NUMBER },
    options,
  );
  const have = rows.filter((row) => row.hit === 1).map((row) => row.id);
  if (have.length > MOST_SHAPES) return null;
  return { have, isAll: have.length > 0 && have.length === rows.length };
}
