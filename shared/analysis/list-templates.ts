import type { TableMeta } from "../model/table.ts";
import type { TemplateEdit } from "../model/template-edit.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { LOG_SHAPES } from "../tables/log-store.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  queryRows,
  STRING,
  STRING_OR_NULL,
  TIMESTAMP_OR_NULL,
} from "../tables/rows.ts";
import { mergeShapes } from "../templates/merge-shapes.ts";
import type { Shape } from "../templates/shape.ts";
import type { Template } from "../templates/template.ts";
import { applyTemplateEdits } from "../templates/template-edits.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Some of the messages of a template: those that are alike down to their words. */
export interface ShapeSummary {
  readonly id: number;
  readonly count: number;
  readonly example: string;
}

/** A statement of a program, and where its messages are. */
export interface TemplateSummary {
  readonly id: string;
  /** Constants, `<*>` for each parameter. */
  readonly text: string;
  /** What a person calls it. */
  readonly name: string | null;
  readonly count: number;
  /** Lines in the windows; null where none is set. */
  readonly baseline: number | null;
  readonly incident: number | null;
  /** Lines of level error or fatal. */
  readonly errors: number;
  /** The service with most lines, and how many services there are. */
  readonly service: string | null;
  readonly services: number;
  /** µs UTC. */
  readonly first: number | null;
  readonly last: number | null;
  readonly shapes: readonly ShapeSummary[];
}

export interface TemplateList {
  /** Most frequent first. */
  readonly templates: readonly TemplateSummary[];
  readonly lines: number;
}

/** Shapes sent along with a template, most frequent first; the rest is counted in it. */
const MOST_SHAPES = 200;

/** The templates of all log lines of the case, with a person's edits made. */
export async function listTemplates(
  engine: Engine,
  logs: TableMeta | null,
  windows: WindowPair | null,
  edits: readonly TemplateEdit[],
  options: QueryOptions = {},
): Promise<TemplateList> {
  const templates = await readTemplates(engine, edits, options);
  const facts = await shapeFacts(engine, logs, windows, options);
  const summaries = templates.map((t) => summaryOf(t, facts, windows !== null));
  return {
    templates: summaries.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)),
    lines: summaries.reduce((sum, t) => sum + t.count, 0),
  };
}

/** The templates of the shapes of all files, edits made. */
export async function readTemplates(
  engine: Engine,
  edits: readonly TemplateEdit[],
  options: QueryOptions = {},
): Promise<Template[]> {
  const rows = await queryRows(
    engine,
    `SELECT id, min(kinds) AS kinds, min(texts) AS texts, sum(count)::DOUBLE AS count,
       min(example) AS example, bool_or(overflow)::INTEGER AS overflow
     FROM ${LOG_SHAPES} GROUP BY id ORDER BY id`,
    {
      id: NUMBER,
      kinds: STRING,
      texts: STRING,
      count: NUMBER,
      example: STRING,
      overflow: NUMBER,
    },
    signalOf(options),
  );
  const shapes = rows.map(({ id, kinds, texts, count, example, overflow }): Shape => ({
    id,
    kinds,
    texts: JSON.parse(texts) as string[],
    count,
    example,
    ...(overflow === 1 ? { isOverflow: true as const } : {}),
  }));
  return applyTemplateEdits(mergeShapes(shapes), edits);
}

interface ShapeFacts {
  readonly n: number;
  readonly baseline: number;
  readonly incident: number;
  readonly errors: number;
  readonly service: string | null;
  readonly services: number;
  readonly first: number | null;
  readonly last: number | null;
}

async function shapeFacts(
  engine: Engine,
  logs: TableMeta | null,
  windows: WindowPair | null,
  options: QueryOptions,
): Promise<Map<number, ShapeFacts>> {
  const inWindow = (which: keyof WindowPair): string => {
    const condition =
      windows === null || logs === null ? null : windowPredicate(logs, windows[which]);
    return condition === null ? "0" : `count(*) FILTER (${condition})`;
  };
  const rows = await queryRows(
    engine,
    `SELECT shape, count(*)::DOUBLE AS n, (${inWindow("baseline")})::DOUBLE AS baseline,
       (${inWindow("incident")})::DOUBLE AS incident,
       count(*) FILTER (level IN ('error', 'fatal'))::DOUBLE AS errors,
       mode(service) AS service, count(DISTINCT service)::DOUBLE AS services,
       min(ts) AS first, max(ts) AS last
     FROM logs GROUP BY shape`,
    {
      shape: NUMBER_OR_NULL,
      n: NUMBER,
      baseline: NUMBER,
      incident: NUMBER,
      errors: NUMBER,
      service: STRING_OR_NULL,
      services: NUMBER,
      first: TIMESTAMP_OR_NULL,
      last: TIMESTAMP_OR_NULL,
    },
    signalOf(options),
  );
  return new Map(
    rows.flatMap(({ shape, ...facts }) => (shape === null ? [] : [[shape, facts] as const])),
  );
}

function summaryOf(
  template: Template,
  facts: ReadonlyMap<number, ShapeFacts>,
  windowed: boolean,
): TemplateSummary {
  const known = template.shapeIds.flatMap((id) => facts.get(id) ?? []);
  const sum = (of: (f: ShapeFacts) => number): number =>
    known.reduce((total, f) => total + of(f), 0);
  const largest = known.reduce<ShapeFacts | null>(
    (best, f) => (best === null || f.n > best.n ? f : best),
    null,
  );
  const times = (of: (f: ShapeFacts) => number | null): number[] =>
    known.flatMap((f) => of(f) ?? []);
  const firsts = times((f) => f.first);
  const lasts = times((f) => f.last);
  return {
    id: template.id,
    text: template.text,
    name: template.name ?? null,
    count: sum((f) => f.n),
    baseline: windowed ? sum((f) => f.baseline) : null,
    incident: windowed ? sum((f) => f.incident) : null,
    errors: sum((f) => f.errors),
    service: largest?.service ?? null,
    services: Math.max(0, ...known.map((f) => f.services)),
    first: firsts.length === 0 ? null : firsts.reduce((a, b) => Math.min(a, b)),
    last: lasts.length === 0 ? null : lasts.reduce((a, b) => Math.max(a, b)),
    shapes: template.shapes
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MOST_SHAPES)
      .map(({ id, count, example }) => ({ id, count, example })),
  };
}

function signalOf({ signal }: QueryOptions): QueryOptions {
  return signal === undefined ? {} : { signal };
}
