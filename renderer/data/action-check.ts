import { tablesOfEvidence } from "../../shared/analysis/tables-of-case.ts";
import { describeRule } from "../../shared/analysis/rules/describe-rule.ts";
import { sha256 } from "../../shared/base/sha256.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Action, ActionCheck, ActionCheckResult } from "../../shared/model/reasoning.ts";
import { ruleColumns, ruleKey, type Rule } from "../../shared/model/rules.ts";
import type { Window } from "../../shared/model/window.ts";
import { fulfils } from "../../shared/reasoning/actions.ts";
import { resultDigest } from "../../shared/tables/digest.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { useCase } from "../state/case-store.ts";
import { changeItem } from "./items.ts";
import { getEngine } from "./services.ts";

type Checked = Omit<ActionCheckResult, "at">;

/** Runs the check of an action on the data as it is now and keeps what it answered. Throws a sentence. */
export async function runActionCheck({ id, check }: Action): Promise<void> {
  const { state } = useCase.getState();
  if (state === null || check === null) return;
  const checked = check.kind === "rule" ? await byRule(check, state) : await byQuery(check, state);
  const result = { ...checked, at: new Date().toISOString() };
  await changeItem("actions", id, (a) => ({ ...a, results: [...a.results, result] }));
}

/** The saved rules of the case, each with the name by which an action keeps it. */
export function rulesToChoose(
  state: Pick<CaseState, "rules">,
): { readonly table: string; readonly rule: string; readonly text: string }[] {
  return state.rules.flatMap(({ table, rules }) =>
    rules.map((rule) => ({
      table,
      rule: ruleKey(rule),
      text: [ruleColumns(rule).join(", "), describeRule(rule)].filter((t) => t !== "").join(": "),
    })),
  );
}

/**
 * A rule is checked on what came after the incident, since that is where an
 * action shows; without an end of the incident, on all rows with a time.
 */
async function byRule(
  check: Extract<ActionCheck, { kind: "rule" }>,
  state: CaseState,
): Promise<Checked> {
  const rule = ruleNamed(check, state);
  if (rule === undefined) {
    throw new Error(
      `The rules of ${check.table} no longer hold ${check.rule}. Choose another rule for the check.`,
    );
  }
  const answer = await getEngine().analyse("checkRules", {
    tables: tablesOfEvidence(state.evidence),
    rules: [{ table: check.table, rules: [rule] }],
    window: windowAfter(state),
  });
  if (!answer.ok) throw new Error(answer.error.message);
  const [result] = answer.value;
  if (result === undefined || result.outcome === "skipped" || result.elements === 0) {
    const why = result?.observed ?? "no answer";
    throw new Error(
      `The rule could not be checked after the incident: ${why}. Add data of the time after the fix.`,
    );
  }
  return {
    holds: result.outcome === "passed",
    observed: result.observed,
    resultDigest: sha256(JSON.stringify([result.outcome, result.observed, result.elements])),
    evidenceIds: evidenceOf(state, (table) => table === check.table),
  };
}

function ruleNamed(
  { table, rule }: Extract<ActionCheck, { kind: "rule" }>,
  { rules }: CaseState,
): Rule | undefined {
  return rules.find((set) => set.table === table)?.rules.find((r) => ruleKey(r) === rule);
}

const ALL_TIME: Window = { from: 0, to: null };

function windowAfter({ windows, items }: CaseState): Window {
  const resolved = items.milestones.find((m) => m.id === "resolved")?.at;
  const from = resolved ?? windows.incident?.to ?? null;
  return from === null ? ALL_TIME : { from, to: null };
}

async function byQuery(
  check: Extract<ActionCheck, { kind: "query" }>,
  state: CaseState,
): Promise<Checked> {
  const sql = check.sql.trim().replace(/;\s*$/, "");
  if (!/^(?:select|with|from)\b/i.test(sql) || sql.includes(";")) {
    throw new Error("A check is one query that reads: it begins with SELECT, WITH or FROM.");
  }
  const answer = await getEngine().query(sql);
  if (!answer.ok) throw new Error(answer.error.message);
  const [column] = answer.value.schema.fields;
  const value = column === undefined ? null : readColumn(answer.value, column.name)[0];
  if (value === undefined || value === null || value === "" || !Number.isFinite(Number(value))) {
    throw new Error(
      "The query answers no number in its first column and row. Name one value, such as SELECT avg(…) FROM …",
    );
  }
  const number = Number(value);
  return {
    holds: fulfils(number, check),
    observed: String(Number(number.toPrecision(12))),
    resultDigest: resultDigest(answer.value).sha256,
    evidenceIds: evidenceOf(state, (table) => mentions(sql, table)),
  };
}

function evidenceOf(state: CaseState, reads: (table: string) => boolean): string[] {
  return state.evidence.filter((e) => reads(e.table)).map((e) => e.id);
}

function mentions(sql: string, table: string): boolean {
  const name = table.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "i").test(sql);
}
