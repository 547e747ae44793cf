import { z } from "zod";

/**
 * A half-open time range `[from, to)` in µs UTC and/or a filter on a column's
 * values. At least one of the two is there.
 */
export const Window = z.object({
  from: z.number().nullable(),
  to: z.number().nullable(),
  filter: z.object({ column: z.string(), values: z.array(z.string()) }).optional(),
});
export type Window = z.infer<typeof Window>;

export const Windows = z.object({
  baseline: Window.nullable(),
  incident: Window.nullable(),
});
export type Windows = z.infer<typeof Windows>;
