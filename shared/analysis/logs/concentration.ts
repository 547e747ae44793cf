import type { Concentration, TemplateChange } from "../../model/log-comparison.ts";
import { NUMBER, queryRows, STRING } from "../../tables/rows.ts";
import type { LogTask } from "./log-task.ts";
import { keyOf, unitLines } from "./log-units.ts";
import type { UnitCounts } from "./unit-counts.ts";

/** Places that are named for a template. */
const MOST_PLACES = 3;
/** A place holds a template when this share of its lines is there. */
const LEAST_SHARE = 0.1;

/**
 * Services that hold most of a template's lines, of the incident where it has any
 * there, with the lift over their share of all lines.
 */
export function serviceConcentrations(
  unit: UnitCounts,
  lines: ReadonlyMap<string | null, { readonly baseline: number; readonly incident: number }>,
): Concentration[] {
  const which = unit.incident > 0 ? "incident" : "baseline";
  const all = [...lines.values()].reduce((sum, l) => sum + l[which], 0);
  return largest(
    "service",
    unit.services.map((s) => [s.service, s[which], lines.get(s.service)?.[which] ?? 0] as const),
    unit[which],
    all,
  );
}

function largest(
  of: Concentration["of"],
  places: readonly (readonly [name: string | null, own: number, all: number])[],
  own: number,
  all: number,
): Concentration[] {
  return places
    .flatMap(([name, lines, there]): Concentration[] => {
      if (name === null || own === 0 || there === 0) return [];
      const share = lines / own;
      return share < LEAST_SHARE ? [] : [{ of, name, share, lift: share / (there / all) }];
    })
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_PLACES);
}

/** The same for hosts, for these templates, in one scan. Throws `Fault<EngineError>`. */
export async function hostConcentrations(
  task: LogTask,
  templates: readonly TemplateChange[],
): Promise<Map<string, Concentration[]>> {
  if (templates.length === 0) return new Map();
  const either = `(${task.baseline.where} OR ${task.incident.where}) AND host IS NOT NULL`;
  const units = templates.map((t) => ({ ...t, key: keyOf(t) }));
  const keys = units.map((t) => t.key);
  const rows = await queryRows(
    task.engine,
    `WITH l AS (SELECT u, host, count(*) FILTER (${task.baseline.where}) AS b,
  count(*) FILTER (${task.incident.where}) AS i
  FROM ${unitLines(task.table, units, either)} GROUP BY u, host),
h AS (SELECT host, sum(b)::DOUBLE AS hb, sum(i)::DOUBLE AS hi,
  (sum(sum(b)) OVER ())::DOUBLE AS ab, (sum(sum(i)) OVER ())::DOUBLE AS ai FROM l GROUP BY host)
SELECT l.u, l.host, l.b, l.i, hb, hi, ab, ai FROM l JOIN h ON l.host = h.host
WHERE l.u IN (${keys.join(", ")})`,
    {
      ...{ u: NUMBER, host: STRING, b: NUMBER, i: NUMBER },
      ...{ hb: NUMBER, hi: NUMBER, ab: NUMBER, ai: NUMBER },
    },
    task.options,
  );
  return new Map(
    units.map((t) => {
      const own = rows.filter((r) => r.u === t.key);
      const isIncident = t.incident.lines > 0;
      const places = own.map(
        (r) => [r.host, isIncident ? r.i : r.b, isIncident ? r.hi : r.hb] as const,
      );
      const lines = places.reduce((sum, p) => sum + p[1], 0);
      return [t.id, largest("host", places, lines, (isIncident ? own[0]?.ai : own[0]?.ab) ?? 0)];
    }),
  );
}
