import { err, ok, type Result } from "../base/result.ts";
import { CaseFile } from "../model/case.ts";
import { JournalLine } from "./events.ts";

/** Today's format of a case folder. */
export const CASE_FORMAT = 1;

/**
 * Brings journal lines of older formats up to today's shape; everything else
 * knows only that. One entry a version, from that version to the next; they
 * are applied in turn.
 *
 * Lines are checked against the hash chain before they come here and are never
 * written back.
 */
const LINE_UPGRADES: readonly ((line: unknown) => unknown)[] = [];

/** Reads `case.json`. The error is a sentence for a person. */
export function upgradeCaseFile(value: unknown): Result<CaseFile, string> {
  if (typeof value === "object" && value !== null && "inquest" in value) {
    const version = value.inquest;
    if (typeof version === "number" && version > CASE_FORMAT) {
      return err(
        `The case was written by a newer version of Inquest (case format ${String(version)}; this version reads up to ${String(CASE_FORMAT)}).`,
      );
    }
  }
  const parsed = CaseFile.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(`case.json is not what a case has: ${firstIssue(parsed.error)}.`);
}

/** Reads one journal line of a case in format `version`. The error is a sentence for a person. */
export function upgradeLine(value: unknown, version: number): Result<JournalLine, string> {
  const upgraded = LINE_UPGRADES.slice(version - 1).reduce((line, up) => up(line), value);
  const parsed = JournalLine.safeParse(upgraded);
  if (parsed.success) return ok(parsed.data);
  return err(firstIssue(parsed.error));
}

function firstIssue(error: { issues: { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown content";
  const where = issue.path.map(String).join(".");
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}
