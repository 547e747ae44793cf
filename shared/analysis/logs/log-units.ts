import type { TemplateEdit } from "../../model/template-edit.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { num } from "../../tables/sql.ts";
import { mergeShapes } from "../../templates/merge-shapes.ts";
import type { Shape } from "../../templates/shape.ts";
import { WILDCARD, type Template } from "../../templates/template.ts";
import { readTemplates } from "../list-templates.ts";

/** What lines are counted by: a template, or a kind of message of one that says too little. */
export interface LogUnit {
  /** The template's id; with `/` and the shape's where it is one of its kinds. */
  readonly id: string;
  readonly template: Template;
  readonly shapes: readonly number[];
}

/** A template is cut into its shapes when its constants are less of a message than this … */
const LEAST_CONSTANT = 1 / 3;
/** … and it has at least so many of them. */
const LEAST_SHAPES = 8;
/** Shapes that stand for themselves; the rarer ones stay together under the template. */
const MOST_SHAPES = 500;

/** The templates of the case's logs as units, edits made. Throws `Fault<EngineError>`. */
export async function readUnits(
  engine: Engine,
  edits: readonly TemplateEdit[],
  options: QueryOptions = {},
): Promise<LogUnit[]> {
  return (await readTemplates(engine, edits, options)).flatMap(unitsOf);
}

/**
 * A template whose text is mostly parameters holds several statements, such as
 * all lines of a container's JSON wrapper: it is counted by shape instead. Those
 * that a person has named or edited stay whole.
 */
export function unitsOf(template: Template): LogUnit[] {
  const constant = template.text.replaceAll(WILDCARD, "").length;
  const whole = { id: template.id, template, shapes: template.shapeIds };
  const isWhole =
    template.name !== undefined ||
    template.shapes.length < LEAST_SHAPES ||
    constant >= LEAST_CONSTANT * template.example.length;
  if (isWhole) return [whole];
  const shapes = template.shapes
    .filter((s) => s.isOverflow !== true)
    .sort((a, b) => b.count - a.count || a.id - b.id)
    .slice(0, MOST_SHAPES);
  const own = new Set(shapes.map((s) => s.id));
  const rest = template.shapeIds.filter((id) => !own.has(id));
  const restId = `${template.id}/rest`;
  return [
    ...shapes.map((shape) => ({
      id: `${template.id}/${String(shape.id)}`,
      template: templateOfShape(shape, template),
      shapes: [shape.id],
    })),
    ...(rest.length === 0 ? [] : [{ id: restId, template, shapes: rest }]),
  ];
}

function templateOfShape(shape: Shape, fallback: Template): Template {
  return mergeShapes([shape])[0] ?? fallback;
}

/** Lines that are counted together, by the shapes of their messages. */
export interface ShapeGroup {
  readonly shapes: readonly number[];
}

/** What SQL calls a unit: the least id of its shapes. */
export function keyOf(unit: ShapeGroup): number {
  return unit.shapes.reduce((least, id) => Math.min(least, id), Infinity);
}

/**
 * The log lines of these units as a subquery `l.*, u` with the unit's key as `u`.
 * Only shapes whose unit goes by another's id have to be listed.
 * @param where SQL condition on the columns of `logs`
 */
export function unitLines(table: string, units: readonly ShapeGroup[], where: string): string {
  const others = units.flatMap((unit) => {
    const key = keyOf(unit);
    return unit.shapes.filter((id) => id !== key).map((id) => `(${num(id)}, ${num(key)})`);
  });
  const condition = `shape IS NOT NULL AND (${where})`;
  if (others.length === 0) return `(SELECT *, shape AS u FROM ${table} WHERE ${condition})`;
  return `(SELECT l.*, coalesce(m.unit, l.shape) AS u
  FROM (SELECT * FROM ${table} WHERE ${condition}) l
  LEFT JOIN (VALUES ${others.join(", ")}) m(shape, unit) ON l.shape = m.shape)`;
}

/** SQL condition: lines of this unit. */
export function ofUnit(unit: ShapeGroup): string {
  return unit.shapes.length === 0 ? "false" : `shape IN (${unit.shapes.map(num).join(", ")})`;
}
