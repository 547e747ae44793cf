import { formatIso, type EvidenceTime } from "../base/time.ts";
import { cutExports, type CutExport } from "../model/cut-exports.ts";
import type { CaseState } from "../model/case.ts";
import type { Finding } from "../model/finding.ts";
import type { Shift } from "../model/shift.ts";
import { statisticLabel } from "../model/statistic-label.ts";
import type { Window } from "../model/window.ts";
import { depthSections, type DepthSection } from "./depth-section.ts";
import { duration, ended, integer, number, time } from "./format.ts";
import { modelSections, type ModelSection } from "./model-section.ts";
import type { ReportInput } from "./report-input.ts";
import { seriesNumbers } from "./series-points.ts";

/** Shifts that stand in the table; the rest is counted. */
const MOST_SHIFTS = 40;
const MOST_SUSPECTS = 10;

/** A query of the appendix. */
export interface NumberedQuery {
  /** `Q1`, `Q2`, … */
  readonly id: string;
  readonly finding: Finding;
  readonly sql: string;
  readonly parameters: string;
  readonly digest: string;
  readonly rows: number;
}

/** What every format says, worked out once. */
export interface ReportDocument {
  readonly title: string;
  readonly generated: string;
  readonly windows: readonly { readonly which: "baseline" | "incident"; readonly text: string }[];
  /** One line under the title. */
  readonly verdict: string;
  readonly summary: readonly string[];
  readonly keyNumbers: readonly { readonly label: string; readonly value: string }[];
  readonly findings: readonly Finding[];
  readonly queries: readonly NumberedQuery[];
  readonly shifts: readonly Shift[];
  readonly shiftsLeftOut: number;
  /** Performance of the models behind the tables; empty where there is none. */
  readonly models: readonly ModelSection[];
  /** Columns together and by segment; empty where there is nothing to say. */
  readonly depth: readonly DepthSection[];
  readonly suspects: ReportInput["suspects"];
  /** Evidence that may not hold all there was. */
  readonly cut: readonly CutExport[];
  readonly input: ReportInput;
}

export function reportDocument(input: ReportInput): ReportDocument {
  const { state, comparison } = input;
  const changed = (comparison?.shifts ?? []).filter((s) => s.verdict !== "none");
  return {
    title: state.name,
    generated: `${input.generatedAt.slice(0, 19).replace("T", " ")} UTC`,
    windows: isTold(state)
      ? []
      : (["baseline", "incident"] as const).map((which) => ({
          which,
          text: windowText(state.windows[which]),
        })),
    verdict: verdictOf(input, changed),
    summary: summaryOf(input, changed),
    keyNumbers: keyNumbersOf(input, changed),
    findings: state.findings.map((f) => withNumbers(f, input)),
    queries: queriesOf(state.findings),
    shifts: changed.slice(0, MOST_SHIFTS),
    shiftsLeftOut: Math.max(0, changed.length - MOST_SHIFTS),
    models: modelSections(input.models ?? null),
    depth: depthSections(input.depth ?? null),
    suspects: input.suspects.slice(0, MOST_SUSPECTS),
    cut: cutExports(state.evidence, state.windows),
    input,
  };
}

/** `2024-05-01 00:00:00 UTC to 2024-05-22 00:00:00 UTC (21 d)`, or the filter. */
export function windowText(window: Window | null): string {
  if (window === null) return "not set";
  const parts: string[] = [];
  if (window.from !== null && window.to !== null) {
    parts.push(`${time(window.from)} to ${time(window.to)} (${duration(window.to - window.from)})`);
  } else if (window.from !== null) parts.push(`from ${time(window.from)}`);
  else if (window.to !== null) parts.push(`until ${time(window.to)}`);
  if (window.filter !== undefined) {
    parts.push(`${window.filter.column} is ${window.filter.values.join(" or ")}`);
  }
  return parts.join(", ");
}

/** A picture of a series brings its numbers along. */
function withNumbers(finding: Finding, { state }: ReportInput): Finding {
  const { chart, numbers } = finding;
  if (numbers !== null || chart?.kind !== "series") return finding;
  return { ...finding, numbers: seriesNumbers(chart, state.windows) };
}

function comparedColumns(input: ReportInput): number {
  return (input.comparison?.tables ?? []).reduce((sum, t) => sum + t.columns.length, 0);
}

function changedColumns(changed: readonly Shift[]): number {
  return new Set(changed.map((s) => `${s.table}/${s.subject.name}`)).size;
}

/** A case made from what somebody reported, without data of its own. */
export function isTold(state: Pick<CaseState, "evidence" | "timelineNotes">): boolean {
  return state.evidence.length === 0 && state.timelineNotes.length > 0;
}

function verdictOf(input: ReportInput, changed: readonly Shift[]): string {
  const { state } = input;
  if (isTold(state)) {
    const count = state.timelineNotes.length;
    return `Made from a report of others: ${integer(count)} ${count === 1 ? "event" : "events"} of its course, no data of the systems themselves.`;
  }
  if (input.comparison === null) return "The two windows have not been compared.";
  const majors = changedColumns(changed.filter((s) => s.verdict === "major"));
  const columns = changedColumns(changed);
  return `${columns} of ${comparedColumns(input)} columns and series changed between the windows, ${majors} of them in a major way.`;
}

function summaryOf(input: ReportInput, changed: readonly Shift[]): string[] {
  const written = input.state.summary
    .split(/\n\s*\n/)
    .map((p) => p.trim())
    .filter((p) => p !== "");
  if (written.length > 0) return written;
  const [first] = input.suspects;
  return [
    `No summary was written. ${verdictOf(input, changed)}${
      first === undefined ? "" : ` First among the suspects: ${ended(first.sentence)}`
    }`,
  ];
}

function keyNumbersOf(input: ReportInput, changed: readonly Shift[]): ReportDocument["keyNumbers"] {
  const { state } = input;
  const rows = state.evidence.reduce((sum, e) => sum + e.rows, 0);
  const rejected = state.evidence.reduce((sum, e) => sum + e.rejected, 0);
  const { incident } = state.windows;
  const length =
    incident?.from === undefined || incident.from === null || incident.to === null
      ? null
      : incident.to - incident.from;
  if (isTold(state)) {
    return [
      { label: "events reported", value: integer(state.timelineNotes.length) },
      { label: "findings", value: integer(state.findings.length) },
    ];
  }
  return [
    { label: "evidence files", value: integer(state.evidence.length) },
    { label: "records read", value: integer(rows) },
    { label: "records rejected", value: integer(rejected) },
    { label: "columns changed", value: `${changedColumns(changed)} of ${comparedColumns(input)}` },
    ...(length === null ? [] : [{ label: "length of the incident", value: duration(length) }]),
    ...impactOf(input, length),
  ];
}

/** Requests and money in the incident, where the case says what an hour holds; an estimate, and named one. */
function impactOf(input: ReportInput, length: number | null): { label: string; value: string }[] {
  const { impact } = input.state;
  if (impact?.requests_per_hour === undefined || length === null) return [];
  const requests = impact.requests_per_hour * (length / 3.6e9);
  const numbers = [
    { label: "requests in the incident (estimate)", value: integer(Math.round(requests)) },
  ];
  if (impact.value_per_request !== undefined) {
    const value = requests * impact.value_per_request;
    numbers.push({
      label: "value of those requests (estimate)",
      value: `${integer(Math.round(value))}${impact.currency === undefined ? "" : ` ${impact.currency}`}`,
    });
  }
  return numbers;
}

function queriesOf(findings: readonly Finding[]): NumberedQuery[] {
  const queries: NumberedQuery[] = [];
  for (const finding of findings) {
    if (finding.provenance === null) continue;
    const { sql, parameters, resultDigest, resultRows } = finding.provenance;
    queries.push({
      id: `Q${queries.length + 1}`,
      finding,
      sql,
      parameters: JSON.stringify(parameters, isoTimes),
      digest: resultDigest,
      rows: resultRows,
    });
  }
  return queries;
}

/** Limits of a range, kept as µs UTC, as people write them. */
function isoTimes(key: string, value: unknown): unknown {
  const isTime = (key === "from" || key === "to") && typeof value === "number";
  return isTime ? formatIso(value as EvidenceTime) : value;
}

/** Words for an effect: `Cliff’s delta −0.97`. */
export function effectText({ effect }: Shift): string {
  return `${statisticLabel(effect.name)} ${number(effect.value)}`;
}
