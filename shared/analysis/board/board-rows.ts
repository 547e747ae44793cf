import type { BoardRow } from "../../model/board.ts";
import type { Comparison } from "../../model/comparison.ts";
import type {
  LogComparison,
  ParameterComparison,
  StackComparison,
} from "../../model/log-comparison.ts";
import type { ModelPerformance } from "../../model/model-checks.ts";
import type { Layer } from "../../model/role.ts";
import type { Shift } from "../../model/shift.ts";
import type { TimelineNote } from "../../model/timeline-note.ts";
import { shiftRank } from "../false-discovery.ts";
import { layerOfMetric } from "../layer-of.ts";
import { METRIC_RULES } from "../model/metric-rules.ts";
import type { WindowPair } from "../windows.ts";
import type { BoardEvent, BoardEvents } from "./board-events.ts";
import { layerOfEvent, perspectiveOfEvent, perspectiveOfShift } from "./perspective.ts";
import {
  metricStrength,
  parameterStrength,
  shiftStrength,
  stackStrength,
  templateStrength,
} from "./strength.ts";

/** What one source adds to the board. */
export interface BoardPart {
  readonly rows: readonly BoardRow[];
  /** Things of each layer that were compared and stayed; a row has its own layer. */
  readonly same: readonly Pick<BoardRow, "layer" | "perspective">[];
}

/** Columns, series and tables: one row for each, by the shift that counts most. */
export function comparisonPart(comparison: Comparison): BoardPart {
  const rows: BoardRow[] = [];
  const same: Pick<BoardRow, "layer" | "perspective">[] = [];
  for (const { table, columns, shifts } of comparison.tables) {
    for (const column of columns) {
      const best = strongest(column.shifts);
      const source = best?.subject.type === "metric" ? "series" : "column";
      if (best !== null)
        rows.push({ ...shiftRow(best, source, column.column), distribution: column.distribution });
      else {
        const [first] = column.shifts;
        if (first === undefined) continue;
        const { kind, layer } = first;
        same.push({ layer, perspective: perspectiveOfShift(kind, layer) });
      }
    }
    const named = new Map<string, Shift[]>();
    for (const shift of shifts) {
      const name = shift.subject.type === "table" ? shift.kind : shift.subject.name;
      named.set(name, [...(named.get(name) ?? []), shift]);
    }
    for (const [name, own] of named) {
      const best = strongest(own);
      // The comparison lists changes of a table by their kind.
      if (best !== null) rows.push(shiftRow(best, "table", name.replaceAll("_", " "), table));
    }
  }
  return { rows, same };
}

function strongest(shifts: readonly Shift[]): Shift | null {
  return shifts
    .filter((s) => s.verdict !== "none")
    .reduce<Shift | null>((a, b) => (a === null || shiftRank(b) > shiftRank(a) ? b : a), null);
}

function shiftRow(
  shift: Shift,
  source: BoardRow["source"],
  name: string,
  table = shift.table,
): BoardRow {
  const { verdict, sentence, layer, kind, service } = shift;
  return {
    ...{ id: shift.id, source, name, of: table, sentence, verdict, layer, service },
    strength: shiftStrength(shift),
    perspective: perspectiveOfShift(kind, layer),
    at: null,
    distribution: null,
    target: { to: "compare", table, column: name },
  };
}

/** Statements of the logs. */
export function templatesPart(found: LogComparison): BoardPart {
  const rows: BoardRow[] = [];
  const same: Pick<BoardRow, "layer" | "perspective">[] = [];
  for (const change of found.templates) {
    const service = change.where.find((w) => w.of === "service")?.name ?? null;
    const place = logPlace(change.text);
    if (change.verdict === "none") {
      same.push(place);
      continue;
    }
    rows.push({
      ...{ id: `logs/template/${change.id}`, source: "template", of: service ?? "logs", ...place },
      name: change.name ?? change.text,
      ...{ sentence: change.sentence, verdict: change.verdict, service },
      strength: templateStrength(change),
      at: change.kind === "new" ? change.first : null,
      distribution: null,
      target: { to: "lines", templateId: change.id, shapes: change.shapes },
    });
  }
  return { rows, same };
}

/** Numbers and values inside statements. */
export function parametersPart(
  found: readonly ParameterComparison[],
  templates: LogComparison,
): BoardPart {
  const byId = new Map(templates.templates.map((t) => [t.id, t]));
  const rows = found.flatMap(({ templateId, parameters }) => {
    const template = byId.get(templateId);
    if (template === undefined) return [];
    return parameters
      .filter((p) => p.verdict !== "none")
      .map((parameter): BoardRow => ({
        ...{ id: `logs/${templateId}/${parameter.name}`, source: "parameter" },
        name: parameter.after.trim() === "" ? parameter.name : `${parameter.after.trim()} …`,
        ...{ of: template.name ?? template.text, ...logPlace(template.text), service: null },
        ...{ sentence: parameter.sentence, verdict: parameter.verdict, at: null },
        ...{ strength: parameterStrength(parameter), distribution: null },
        target: { to: "lines", templateId, shapes: template.shapes },
      }));
  });
  return { rows, same: [] };
}

/** Stack traces, over the same windows as the templates. */
export function stacksPart(found: StackComparison, templates: LogComparison): BoardPart {
  const length = (w: { from: number; to: number }): number => Math.max(1, w.to - w.from);
  const exposure = length(templates.incident) / length(templates.baseline);
  const place = { layer: "serving", perspective: "platform" } as const;
  return {
    rows: found.stacks
      .filter((s) => s.verdict !== "none")
      .map((stack) => ({
        ...{ id: `logs/stack/${stack.fingerprint}`, source: "stack", ...place },
        name: stack.exception,
        of: stack.services.join(", ") || "logs",
        ...{ sentence: stack.sentence, verdict: stack.verdict },
        strength: stackStrength(stack, exposure),
        service: stack.services.length === 1 ? (stack.services[0] ?? null) : null,
        at: stack.kind === "new" ? stack.first : null,
        distribution: null,
        target: { to: "stack", fingerprint: stack.fingerprint },
      })),
    same: found.stacks.filter((s) => s.verdict === "none").map(() => place),
  };
}

/** Outcomes of models. */
export function modelPart({ checks }: ModelPerformance): BoardPart {
  const place = { layer: "model", perspective: "product" } as const;
  const rows: BoardRow[] = [];
  const same: (typeof place)[] = [];
  for (const { table, metrics } of checks) {
    for (const change of metrics) {
      const { metric, verdict, baseline, incident } = change;
      if (verdict === "none") {
        same.push(place);
        continue;
      }
      const { label } = METRIC_RULES[metric];
      const from = shown(baseline?.value);
      rows.push({
        ...{ id: `${table}/metric/${metric}`, source: "model", name: label, of: table, ...place },
        sentence: `${label} of \`${table}\`: ${from} → ${shown(incident?.value)}, ${change.direction === "neither" ? "changed" : change.direction}.`,
        ...{ verdict, strength: metricStrength(change), service: null, at: null },
        distribution: null,
        target: { to: "metric", table, metric },
      });
    }
  }
  return { rows, same };
}

/** Events that the baseline does not have, and what people wrote about the incident. */
export function eventsPart(found: BoardEvents): BoardPart {
  const place = { layer: "people", perspective: "process" } as const;
  return {
    rows: found.events.map(({ kind, title, service, at, count }) => ({
      ...{ id: eventId({ kind, title, service }), source: "event" },
      ...{ name: title === "" ? kind : title, of: kind, service, at },
      sentence: `${kind}${service === null ? "" : ` of ${service}`}${count > 1 ? `, ${String(count)} times` : ""}; none like it before.`,
      ...{ verdict: null, strength: null, distribution: null },
      ...{ layer: layerOfEvent(kind), perspective: perspectiveOfEvent(kind) },
      target: { to: "time", at },
    })),
    same: Array.from({ length: found.same }, () => place),
  };
}

/** Of the row of an event. */
export function eventId({
  kind,
  title,
  service,
}: Pick<BoardEvent, "kind" | "title" | "service">): string {
  return `events/${kind}/${service ?? ""}/${title}`;
}

/** Notes from shortly before the incident to its end. */
export function notesPart(
  notes: readonly TimelineNote[],
  { incident }: WindowPair,
  from: number,
): BoardPart {
  return {
    rows: notes
      .filter(({ at, to }) => (to ?? at) >= from && at < (incident.to ?? Infinity))
      .map(({ id, at, text, kind, layer, service, source }) => ({
        ...{ id: `notes/${id}`, source: "note", name: text, of: kind, layer, service, at },
        sentence: source === null ? "Noted by hand." : `Read from ${source.name}.`,
        ...{ verdict: null, strength: null, distribution: null },
        perspective: perspectiveOfEvent(kind),
        target: { to: "time", at },
      })),
    same: [],
  };
}

/** What a message speaks of, where its words tell. */
function logPlace(message: string): { layer: Layer; perspective: "platform" } {
  const layer = layerOfMetric(message);
  return {
    layer: layer === "infrastructure" ? layer : "serving",
    perspective: "platform",
  };
}

function shown(value: number | undefined): string {
  return value === undefined ? "not defined" : String(Number(value.toPrecision(3)));
}
