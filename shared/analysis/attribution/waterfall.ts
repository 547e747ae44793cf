import type { DimensionSplit, SegmentChange, Waterfall } from "../../model/attribution.ts";

/** A part of a change, on its way to a step. */
export interface WaterfallPart {
  readonly label: string;
  readonly where: SegmentChange["where"];
  readonly change: number;
}

/**
 * The steps from the baseline's value to the incident's, one for each part and
 * in their order. What rounding leaves between the sum of the parts and the
 * change (a few units in the last place) goes to the last step, so that the
 * last step ends at the incident's value exactly. Without parts there is one
 * step.
 */
export function waterfallOf(
  baseline: number,
  incident: number,
  parts: readonly WaterfallPart[],
): Waterfall {
  const list = parts.length > 0 ? parts : [{ label: "All rows", where: [], change: NaN }];
  let at = baseline;
  const steps = list.map(({ label, where, change }, k) => {
    const from = at;
    at = k === list.length - 1 ? incident : from + change;
    return { label, where: [...where], from, to: at };
  });
  return { baseline, incident, steps };
}

/** A segment in words: `device = tv and country = DE`. */
export function segmentLabel(where: SegmentChange["where"]): string {
  return where
    .map(
      ({ column, value }) =>
        `${column} = ${value === null ? "(missing)" : value === "" ? "(empty)" : value}`,
    )
    .join(" and ");
}

/** The change over the values of one column: the largest parts, then all others together. */
export function waterfallOfColumn(
  { segments }: DimensionSplit,
  baseline: number,
  incident: number,
  most = 8,
): Waterfall {
  const named = segments.filter((s) => s.where.length > 0);
  const shown = named.slice(0, named.length <= most + 1 ? most + 1 : most);
  const rest = segments.filter((s) => !shown.includes(s));
  return waterfallOf(baseline, incident, [
    ...shown.map((s) => ({
      label: segmentLabel(s.where),
      where: s.where,
      change: s.total.value,
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            label: "all other values",
            where: [],
            change: rest.reduce((sum, s) => sum + s.total.value, 0),
          },
        ]),
  ]);
}
