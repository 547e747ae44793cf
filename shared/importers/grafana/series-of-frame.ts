import { seriesKey, serviceOfLabels } from "../series-key.ts";
import type { Frame, FrameField } from "./frame.ts";

/** Where a frame was found. */
export interface FrameContext {
  /** Title of the panel, unique in its dashboard; null outside of one. */
  readonly panel: string | null;
  /** Unit of the panel, for fields that state none. */
  readonly unit: string | null;
}

/** One series of a frame: what a value field measures, and of what. */
interface FrameSeries {
  readonly field: FrameField;
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly unit: string | null;
}

/** Names of value fields that say nothing: the query's own name is elsewhere. */
const GENERIC = /^(?:value|series|)(?: #\w+)?$/i;

/** The series of a frame's value fields, no two of them alike. */
export function seriesOf(
  frame: Frame,
  values: readonly FrameField[],
  context: FrameContext,
): FrameSeries[] {
  const taken = new Set<string>();
  return values.map((field, i) => {
    const { name, labels } = nameSeries(frame, field, context);
    const key = seriesKey(name, labels);
    if (taken.has(key)) labels.push(["column", String(i + 1)]);
    taken.add(seriesKey(name, labels));
    return { field, name, labels, unit: field.unit ?? context.unit };
  });
}

function nameSeries(
  frame: Frame,
  field: FrameField,
  context: FrameContext,
): { readonly name: string; readonly labels: [string, string][] } {
  const { __name__: metric, ...own } = field.labels;
  const labels = Object.entries(own);
  const { legend } = field;
  const plainName = frame.name === null || frame.name.includes("{") ? null : frame.name;
  let name = metric ?? (GENERIC.test(field.name) ? null : field.name);
  const said = legend === null || legend.includes("{") || Object.values(own).includes(legend);
  if (name === null) {
    const byTitle = context.panel ?? plainName ?? (said ? null : legend);
    name = labels.length === 0 ? (legend ?? plainName ?? context.panel) : byTitle;
    // Queries of one panel share its title.
    if (frame.refId !== null && name !== null && name === context.panel)
      labels.push(["query", frame.refId]);
  }
  name ??= frame.refId === null ? "value" : `query ${frame.refId}`;
  if (context.panel !== null) labels.push(["panel", context.panel]);
  if (legend !== null && !said && legend !== name && legend !== context.panel)
    labels.push(["legend", legend]);
  return { name, labels };
}

/** The service that the labels of a series speak of. */
export function serviceOf(labels: readonly (readonly [string, string])[]): string | null {
  return serviceOfLabels(Object.fromEntries(labels));
}
