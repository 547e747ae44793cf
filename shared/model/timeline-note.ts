import { z } from "zod";
import { Layer } from "./role.ts";

/** What a person wrote, or took from a report, about a time: a mark on the timeline. */
export const TimelineNote = z.object({
  id: z.string(),
  /** µs UTC. */
  at: z.number(),
  /** µs UTC, where it lasted; else null. */
  to: z.number().nullable(),
  text: z.string().min(1),
  layer: Layer,
  /** Such as `deployment`, `alert`, `mitigation`; `note` where nothing is said. */
  kind: z.string().min(1),
  service: z.string().nullable(),
  /** Where it was read, of a note taken from a report; null of one typed in. */
  source: z
    .object({
      name: z.string(),
      /** 1-based line in the text. */
      line: z.number().int(),
      /** The sentence as it stands there. */
      quote: z.string(),
    })
    .nullable(),
});
export type TimelineNote = z.infer<typeof TimelineNote>;
