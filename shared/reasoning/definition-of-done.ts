import type { CaseState } from "../model/case.ts";
import { SWEEP_AREAS } from "../model/reasoning.ts";
import { courseWarnings } from "./impact.ts";
import { sweepState } from "./sweep-questions.ts";
import { whyWarnings } from "./why-tree.ts";

/** Something that a finished investigation has and this one has not. */
export interface Missing {
  readonly id: string;
  readonly what: string;
  /** Where it is done: a view, or a tab of the reasoning tools as `reasoning/TAB`. */
  readonly where: string;
  /** Without what is needed, a report stays a draft. */
  readonly severity: "needed" | "advised";
}

/** What is missing until the investigation is done, what is needed first. */
export function missingForDone(state: CaseState): Missing[] {
  const found = [...basis(state), ...causes(state), ...consequences(state)];
  return [
    ...found.filter((m) => m.severity === "needed"),
    ...found.filter((m) => m.severity === "advised"),
  ];
}

function basis(state: CaseState): Missing[] {
  const { windows, findings, timelineNotes, evidence } = state;
  const told = evidence.length === 0 && timelineNotes.length > 0;
  return [
    needed(
      evidence.length > 0 || told,
      "evidence",
      "Evidence, or the times of a report",
      "evidence",
    ),
    needed(
      told || (windows.baseline !== null && windows.incident !== null),
      "windows",
      "Both windows: when all was well, and when it was not",
      "compare",
    ),
    needed(
      findings.some((f) => f.provenance !== null || f.rows.length > 0) ||
        (told && findings.length > 0),
      "findings",
      told ? "At least one finding" : "At least one finding that leads back to evidence",
      "findings",
    ),
    needed(state.summary.trim() !== "", "summary", "A summary in plain words", "report"),
    needed(
      (state.texts.problem ?? "").trim() !== "",
      "problem",
      "The problem, stated without a cause",
      "reasoning/whys",
    ),
    advised(
      findings.every((f) => f.statement !== "" || f.note.trim() !== ""),
      "finding-notes",
      "What each finding means, in its note",
      "findings",
    ),
  ].flat();
}

function causes({ items, findings }: CaseState): Missing[] {
  const rated = items.hypotheses.filter((h) => items.cells.some((c) => c.hypothesisId === h.id));
  const warnings = whyWarnings(items.whys, findings);
  const sweep = sweepState(items.sweep);
  const roots = items.factors.filter((f) => f.role === "root cause");
  return [
    needed(
      rated.length >= 2,
      "hypotheses",
      "At least two hypotheses, weighed against the findings",
      "reasoning/hypotheses",
    ),
    needed(
      roots.length > 0,
      "root cause",
      "A root cause, or a factor of that role that says it is not known",
      "reasoning/factors",
    ),
    needed(
      items.factors.some((f) => f.role !== "root cause"),
      "factors",
      "What contributed beside the root cause",
      "reasoning/factors",
    ),
    needed(
      items.whys.some((w) => w.area === "detection" && w.text.trim() !== "") ||
        items.factors.some((f) => f.role === "delayed detection"),
      "detection",
      "Why it was not noticed sooner",
      "reasoning/whys",
    ),
    advised(
      warnings.every((w) => w.kind !== "no source"),
      "why-sources",
      "A source, or the word assumption, at each because",
      "reasoning/whys",
    ),
    advised(
      SWEEP_AREAS.every((area) => sweep.byArea[area].looked > 0),
      "sweep",
      "A look at people, process, product and platform",
      "reasoning/sweep",
    ),
  ].flat();
}

function consequences({ items }: CaseState): Missing[] {
  const live = items.actions.filter((a) => a.state !== "dropped");
  const accountable = live.every((a) => a.owner.trim() !== "" && a.due !== "");
  const verifiable = live.every((a) => a.metric.trim() !== "" && a.check !== null);
  const known = new Set(items.milestones.map((m) => m.id));
  return [
    needed(
      known.has("started") && known.has("detected") && known.has("resolved"),
      "milestones",
      "When it started, was detected, and was resolved",
      "reasoning/impact",
    ),
    needed(
      courseWarnings(items.milestones).every((w) => !w.startsWith("It was")),
      "course",
      "Times of the incident in a possible order",
      "reasoning/impact",
    ),
    needed(
      items.impacts.length > 0,
      "impact",
      "At least one number of the impact",
      "reasoning/impact",
    ),
    needed(live.length > 0, "actions", "At least one action", "reasoning/actions"),
    needed(
      accountable,
      "accountable",
      "An owner and a due date for each action",
      "reasoning/actions",
    ),
    advised(
      verifiable,
      "verifiable",
      "A measurable success metric and a check for each action",
      "reasoning/actions",
    ),
    advised(
      live.some((a) => a.kind === "detective"),
      "detective",
      "An action that would notice it sooner",
      "reasoning/actions",
    ),
  ].flat();
}

function needed(there: boolean, id: string, what: string, where: string): Missing[] {
  return there ? [] : [{ id, what, where, severity: "needed" }];
}

function advised(there: boolean, id: string, what: string, where: string): Missing[] {
  return there ? [] : [{ id, what, where, severity: "advised" }];
}
