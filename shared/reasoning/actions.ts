import type { Action, ActionCheck, Factor } from "../model/reasoning.ts";

/** What keeps one action from being accountable. `today` is `YYYY-MM-DD`. */
export function actionWarnings(action: Action, today: string): string[] {
  const warnings: string[] = [];
  if (action.state === "dropped") return warnings;
  if (action.owner.trim() === "") warnings.push("Nobody owns it.");
  if (action.due === "") warnings.push("It has no due date.");
  else if (isOverdue(action, today)) warnings.push(`It was due on ${action.due}.`);
  if (action.metric.trim() === "") warnings.push("Nothing says how its success shows.");
  else if (!isMeasurable(action.metric)) {
    warnings.push("Its success metric names no number to reach.");
  }
  if (action.check === null) warnings.push("No check would show that it worked.");
  if (action.factorIds.length === 0) warnings.push("It answers no factor.");
  if (action.state === "done" && action.check !== null && action.results.at(-1)?.holds !== true) {
    warnings.push("It is said to be done, but its check has not held yet.");
  }
  return warnings;
}

export function isOverdue(action: Pick<Action, "due" | "state">, today: string): boolean {
  const open = action.state === "open" || action.state === "in progress";
  return open && action.due !== "" && action.due < today;
}

/** A success metric names a number or a comparison. */
function isMeasurable(metric: string): boolean {
  return /\d|\b(?:zero|none|all|every|half|twice|never)\b/i.test(metric);
}

/** What the actions together leave out. */
export function actionGaps(actions: readonly Action[], factors: readonly Factor[]): string[] {
  const live = actions.filter((a) => a.state !== "dropped");
  if (live.length === 0) return [];
  const gaps: string[] = [];
  if (!live.some((a) => a.kind === "preventive")) {
    gaps.push("No action prevents it from happening again.");
  }
  if (!live.some((a) => a.kind === "detective")) {
    gaps.push("No action would notice it sooner.");
  }
  for (const factor of factors.filter((f) => f.role === "root cause")) {
    if (!live.some((a) => a.factorIds.includes(factor.id))) {
      gaps.push(`No action answers the root cause “${factor.text}”.`);
    }
  }
  return gaps;
}

/** A check in words: `SELECT … < 0.02`, or the rule's own sentence. */
export function checkText(check: ActionCheck | null): string {
  if (check === null) return "none";
  if (check.kind === "rule") return `rule on ${check.table}: ${check.rule}`;
  return `${check.sql.replace(/\s+/g, " ").trim()} ${check.comparison} ${check.threshold}`;
}

/** Whether a measured value fulfils the check. */
export function fulfils(
  value: number,
  { comparison, threshold }: Extract<ActionCheck, { kind: "query" }>,
): boolean {
  switch (comparison) {
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "=":
      return value === threshold;
  }
}
