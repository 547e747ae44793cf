import { z } from "zod";
import { Layer } from "./role.ts";

export const Check = z.object({
  name: z.string(),
  result: z.enum(["supports", "contradicts", "unknown"]),
  /** The numbers behind the result, in words. */
  why: z.string(),
});
export type Check = z.infer<typeof Check>;

/** When a suspect began to move: µs UTC with an interval. */
export const Onset = z.object({
  at: z.number(),
  from: z.number(),
  to: z.number(),
});
export type Onset = z.infer<typeof Onset>;

/** A series of a suspected service, and how it moved. */
export const SuspectSignal = z.object({
  /** Key of the series. */
  name: z.string(),
  table: z.string(),
  kind: z.enum(["latency", "error", "traffic", "resource"]),
  /** Mean of the incident in noise units of the baseline, signed. */
  z: z.number(),
  /** What windows of that length inside the baseline reach, in the same units. */
  usual: z.number(),
  /** A service that it calls and that has as much trouble of the same kind. */
  explained_by: z.string().nullable(),
});
export type SuspectSignal = z.infer<typeof SuspectSignal>;

export const Suspect = z.object({
  rank: z.number().int(),
  kind: z.enum(["metric", "feature", "template", "event", "segment", "schema"]),
  name: z.string(),
  table: z.string(),
  service: z.string().nullable(),
  layer: Layer,
  onset: Onset.nullable(),
  score: z.number(),
  sentence: z.string(),
  /** Of a service: its series that moved, strongest first. */
  signals: z.array(SuspectSignal).optional(),
  checks: z.array(Check),
  shiftIds: z.array(z.string()),
  evidenceIds: z.array(z.string()),
});
export type Suspect = z.infer<typeof Suspect>;
