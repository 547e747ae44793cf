import { z } from "zod";

/** Where a step of a guide is done: a view, or a tab of the reasoning tools as `reasoning/TAB`. */
export const GUIDE_PLACES = [
  "evidence",
  "postmortem",
  "schema",
  "templates",
  "logs",
  "changes",
  "compare",
  "timeline",
  "suspects",
  "findings",
  "reasoning/hypotheses",
  "reasoning/whys",
  "reasoning/fishbone",
  "reasoning/sweep",
  "reasoning/factors",
  "reasoning/fmea",
  "reasoning/impact",
  "reasoning/actions",
  "report",
] as const;

/** What the case itself can say about a step; the others a person ticks. */
export const GUIDE_CHECKS = [
  "evidence",
  "windows",
  "symptom",
  "problem",
  "notes",
  "findings",
  "hypotheses",
  "whys",
  "fishbone",
  "sweep",
  "root cause",
  "factors",
  "milestones",
  "impact",
  "actions",
  "summary",
  "report",
] as const;

export const GuideStep = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  /** Why, in a sentence or two. */
  text: z.string().default(""),
  /** Questions of the field, to be answered in a note. */
  questions: z.array(z.string().min(1)).default([]),
  where: z.enum(GUIDE_PLACES),
  /** Left out: a person ticks it. */
  check: z.enum(GUIDE_CHECKS).optional(),
});
export type GuideStep = z.infer<typeof GuideStep>;

/** A guided path through an investigation; it can be left at any time. */
export const Guide = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  description: z.string().default(""),
  steps: z.array(GuideStep).min(1),
});
export type Guide = z.infer<typeof Guide>;
