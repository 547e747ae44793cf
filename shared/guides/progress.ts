import type { CaseState } from "../model/case.ts";
import type { Guide, GUIDE_CHECKS, GuideStep } from "../model/guide.ts";

/** A step and how far it is. */
export interface StepProgress {
  readonly step: GuideStep;
  /** What the case itself says, or that a person ticked it. */
  readonly done: boolean;
  /** True where the case says it: nobody needs to tick. */
  readonly seen: boolean;
  readonly note: string;
}

export interface GuideProgress {
  readonly steps: readonly StepProgress[];
  readonly done: number;
  /** Index of the first step that is not done; null where all are. */
  readonly next: number | null;
}

/** How far a case has come on its guide. */
export function guideProgress(guide: Guide, state: CaseState): GuideProgress {
  const steps = guide.steps.map((step): StepProgress => {
    const answer = state.items.answers.find((a) => a.id === step.id);
    const seen = step.check !== undefined && CHECKS[step.check](state);
    return { step, done: seen || answer?.done === true, seen, note: answer?.note ?? "" };
  });
  const next = steps.findIndex((s) => !s.done);
  return { steps, done: steps.filter((s) => s.done).length, next: next < 0 ? null : next };
}

const written = (text: string | undefined): boolean => (text ?? "").trim() !== "";

const CHECKS: Readonly<Record<(typeof GUIDE_CHECKS)[number], (state: CaseState) => boolean>> = {
  evidence: (s) => s.evidence.length > 0,
  windows: (s) => s.windows.baseline !== null && s.windows.incident !== null,
  symptom: (s) => s.symptom !== null,
  problem: (s) => written(s.texts.problem),
  notes: (s) => s.timelineNotes.length > 0,
  findings: (s) => s.findings.length > 0,
  hypotheses: ({ items }) =>
    items.hypotheses.filter((h) => items.cells.some((c) => c.hypothesisId === h.id)).length >= 2,
  whys: ({ items }) => items.whys.filter((w) => written(w.text)).length >= 2,
  fishbone: ({ items }) => items.causes.some((c) => written(c.text)),
  sweep: ({ items }) => items.sweep.some((q) => q.state !== "open"),
  "root cause": ({ items }) =>
    items.factors.some((f) => f.role === "root cause" && written(f.text)),
  factors: ({ items }) => items.factors.some((f) => written(f.text)),
  milestones: ({ items }) => items.milestones.length > 0,
  impact: ({ items }) => items.impacts.length > 0,
  actions: ({ items }) => items.actions.some((a) => written(a.title)),
  summary: (s) => written(s.summary),
  report: (s) => s.exports.length > 0,
};
