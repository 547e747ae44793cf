import type { CaseState } from "../../shared/model/case.ts";
import type { ComparisonDepth } from "../../shared/analysis/compare-depth.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { ModelPerformance } from "../../shared/model/model-checks.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { ReportInput } from "../../shared/report/report-input.ts";
import type { Engine } from "../../shared/tables/engine.ts";
import { NUMBER, STRING, STRING_OR_NULL, TIMESTAMP, queryRows } from "../../shared/tables/rows.ts";
import type { AppInfo } from "../../shared/contract/ipc.ts";

/** Events that a report lists; beyond that the timeline view is the place. */
const MOST_EVENTS = 400;

export interface ReportParts {
  readonly state: CaseState;
  readonly comparison: Comparison | null;
  readonly suspects: Suspect[];
  readonly models: ModelPerformance | null;
  readonly depth: ComparisonDepth | null;
  readonly rules?: NonNullable<ReportInput["rules"]> | null;
  readonly failed: ReportInput["failed"];
}

/** Everything that a report is made from; the rest of it is text. */
export async function reportInput(
  engine: Engine,
  parts: ReportParts,
  info: AppInfo,
): Promise<ReportInput> {
  return {
    ...parts,
    timeline: parts.state.evidence.some((e) => e.target === "events") ? await events(engine) : [],
    generatedAt: new Date().toISOString(),
    version: info.version,
  };
}

async function events(engine: Engine): Promise<ReportInput["timeline"]> {
  const rows = await queryRows(
    engine,
    `SELECT ts, coalesce(kind, 'event') AS kind, coalesce(title, '') AS title, service, _ev, _line
FROM events WHERE ts IS NOT NULL ORDER BY ts, _ev, _line LIMIT ${MOST_EVENTS}`,
    {
      ts: TIMESTAMP,
      kind: STRING,
      title: STRING,
      service: STRING_OR_NULL,
      _ev: NUMBER,
      _line: NUMBER,
    },
  );
  return rows.map((r) => ({
    at: r.ts,
    kind: r.kind,
    title: r.title,
    service: r.service,
    evidence: r._ev,
    line: r._line,
  }));
}
