import type {
  LogChangeKind,
  LogComparison,
  ServiceVolume,
  TemplateChange,
  TemplateWindow,
} from "../../model/log-comparison.ts";
import type { Verdict } from "../../model/shift.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg.ts";
import { chiSquared } from "../statistics/chi-squared.ts";
import { formatDuration } from "../sentences.ts";
import { throwIfCancelled } from "../table-task.ts";
import { confirmedVerdict } from "../verdict.ts";
import { logOddsRatio, overdispersedP } from "./count-statistics.ts";
import { readExamples } from "./example-lines.ts";
import { hostConcentrations, serviceConcentrations } from "./concentration.ts";
import { bucketsOf, logTask, type LogsInput, type LogTask } from "./log-task.ts";
import { keyOf, ofUnit, readUnits, type LogUnit } from "./log-units.ts";
import { templateSentence } from "./log-sentences.ts";
import { measureActivity, type Activity } from "./service-activity.ts";
import {
  limitByShare,
  rateChange,
  SUPPORT,
  usualNovelty,
  type Lengths,
  type RateChange,
  type UsualNovelty,
} from "./unit-verdict.ts";
import {
  bucketCounts,
  countsSql,
  countUnits,
  NO_COUNTS,
  SEVERITY,
  type SparseCounts,
  type UnitCounts,
} from "./unit-counts.ts";

/** Templates that come with example lines and hosts, strongest first. */
const MOST_EXAMPLES = 200;
/** Least lines of both windows from which on a template is tested. */
const LEAST_TESTED = SUPPORT.minor;

/**
 * Every template of the logs, compared between the windows: new, vanished, risen
 * in a burst or for good, thinned. Verdicts rest on the ratio of rates per time and
 * against the template's services, on the share of lines, and on what the
 * template's own rate does inside the baseline (`rateChange`); q only confirms.
 * Throws `Fault<EngineError>`.
 */
export async function compareLogTemplates(
  engine: Engine,
  input: LogsInput,
  options: QueryOptions = {},
): Promise<LogComparison> {
  const task = await logTask(engine, input, options);
  if (typeof task === "string") return skippedComparison(task);
  const units = await readUnits(engine, input.edits, task.options);
  options.onProgress?.(0.1);
  const counts = await countUnits(task, units);
  options.onProgress?.(0.4);
  const before = await bucketCounts(task, units, task.baseline);
  options.onProgress?.(0.6);
  const after = await bucketCounts(task, units, task.incident);
  options.onProgress?.(0.8);
  throwIfCancelled(options);
  const lengths = {
    baseline: bucketsOf(task.baseline, task.bucket),
    incident: bucketsOf(task.incident, task.bucket),
  };
  const present = units.flatMap((unit): CountedUnit[] => {
    const found = counts.get(keyOf(unit));
    if (found === undefined || found.baseline + found.incident === 0) return [];
    const baselineBuckets = before.get(keyOf(unit)) ?? NO_COUNTS;
    return [
      { unit, ...found, baselineBuckets, incidentBuckets: after.get(keyOf(unit)) ?? NO_COUNTS },
    ];
  });
  const activity = measureActivity(present, lengths);
  const usual = usualNovelty(before.values(), lengths.baseline);
  const drafts = present.map((unit) => judge(task, unit, lengths, activity, usual));
  const templates = orderChanges(confirm(drafts));
  const detailed = await describeFirst(task, templates);
  options.onProgress?.(1);
  return {
    skipped: null,
    baseline: { from: task.baseline.from, to: task.baseline.to, lines: task.baseline.lines },
    incident: { from: task.incident.from, to: task.incident.to, lines: task.incident.lines },
    bucket: task.bucket,
    templates: detailed,
    services: activity.services,
    limits: limitsOf(task, units, lengths),
    sql: countsSql(task, units),
  };
}

/** A unit with its lines. */
export interface CountedUnit extends UnitCounts {
  readonly unit: LogUnit;
  readonly baselineBuckets: SparseCounts;
  readonly incidentBuckets: SparseCounts;
}

function judge(
  task: LogTask,
  unit: CountedUnit,
  lengths: Lengths,
  activity: Activity,
  usual: UsualNovelty,
): TemplateChange {
  const change = rateChange(unit, lengths, activity.of(unit));
  const total = activity.linesOf(unit);
  const table = chiSquared(
    [unit.baseline, total.baseline - unit.baseline],
    [unit.incident, total.incident - unit.incident],
  );
  const g = table?.g ?? 0;
  const odds = logOddsRatio(unit.baseline, task.baseline.lines, unit.incident, task.incident.lines);
  const baseline = windowOf(unit.baseline, total.baseline, task.baseline);
  const incident = windowOf(unit.incident, total.incident, task.incident);
  const isSevere = unit.severity <= SEVERITY.indexOf("error");
  const share = Math.max(baseline.share, incident.share);
  return {
    id: unit.unit.id,
    text: unit.unit.template.text,
    name: unit.unit.template.name ?? null,
    shapes: unit.unit.shapes,
    kind: change.kind,
    verdict: limitByNovelty(
      limitByShare(change.verdict, share, isSevere),
      change.kind,
      unit,
      usual,
    ),
    level: SEVERITY[unit.severity] ?? null,
    ...{ baseline, incident },
    timeRatio: change.timeRatio,
    volumeRatio: volumeRatio(change),
    ratioLow: change.low,
    ratioHigh: Number.isFinite(change.high) ? change.high : null,
    dispersion: change.dispersion,
    placebo: change.placebo,
    g,
    p:
      total.baseline === unit.baseline && total.incident === unit.incident
        ? overdispersedP(rateG(unit, lengths), change.dispersion)
        : overdispersedP(g, change.dispersion),
    q: null,
    logOdds: odds.delta,
    logOddsZ: odds.z,
    first: unit.first,
    last: unit.last,
    where: serviceConcentrations(unit, activity.lines),
    examples: [],
    sentence: "",
    sql: unitSql(task, unit.unit),
  };
}

/** What comes (goes) as a new (vanished) template must do so more often than any in the baseline. */
function limitByNovelty(
  verdict: Verdict,
  kind: LogChangeKind,
  unit: CountedUnit,
  usual: UsualNovelty,
): Verdict {
  if (verdict !== "major") return verdict;
  if (kind === "new" && unit.incidentBuckets.places.length <= usual.came) return "minor";
  if (kind === "vanished" && unit.baselineBuckets.places.length <= usual.went) return "minor";
  return verdict;
}

/** G of the counts against the lengths of the windows, for a service of one template. */
function rateG({ baseline, incident }: CountedUnit, lengths: Lengths): number {
  const part = lengths.incident / (lengths.incident + lengths.baseline);
  const total = baseline + incident;
  const term = (found: number, expected: number): number =>
    found === 0 ? 0 : 2 * found * Math.log(found / expected);
  return Math.max(0, term(incident, total * part) + term(baseline, total * (1 - part)));
}

function volumeRatio({ timeRatio, activity }: RateChange): number | null {
  return timeRatio === null || activity === 0 ? null : timeRatio / activity;
}

function windowOf(
  lines: number,
  total: number,
  { from, to }: { from: number; to: number },
): TemplateWindow {
  return { lines, rate: lines / ((to - from) / 1e6), share: total === 0 ? 0 : lines / total };
}

/** Benjamini-Hochberg over the templates with enough lines; verdicts without it fall. */
function confirm(drafts: readonly TemplateChange[]): TemplateChange[] {
  const tested = drafts.filter((d) => d.baseline.lines + d.incident.lines >= LEAST_TESTED);
  const q = new Map<TemplateChange, number>();
  benjaminiHochberg(tested.map((d) => d.p)).forEach((value, k) => {
    const draft = tested[k];
    if (draft !== undefined) q.set(draft, value);
  });
  return drafts.map((draft) => {
    const corrected = q.get(draft) ?? null;
    const verdict = confirmedVerdict(draft.verdict, corrected);
    const isRate = draft.baseline.lines > 0 && draft.incident.lines > 0;
    const kind = verdict === "none" && isRate ? "steady" : draft.kind;
    const judged = { ...draft, q: corrected, verdict, kind };
    return { ...judged, sentence: templateSentence(judged) };
  });
}

const VERDICTS: readonly Verdict[] = ["major", "minor", "none"];

/** By verdict, then by the log-odds in standard errors that allow for bursts. */
function orderChanges(changes: readonly TemplateChange[]): TemplateChange[] {
  const size = (c: TemplateChange): number => Math.abs(c.logOddsZ) / Math.sqrt(c.dispersion);
  return changes.toSorted(
    (a, b) =>
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
      size(b) - size(a) ||
      (a.id < b.id ? -1 : 1),
  );
}

async function describeFirst(
  task: LogTask,
  templates: readonly TemplateChange[],
): Promise<TemplateChange[]> {
  const first = templates.slice(0, MOST_EXAMPLES);
  const examples = await readExamples(task, first);
  const hosts = await hostConcentrations(
    task,
    first.filter((t) => t.verdict !== "none"),
  );
  return templates.map((t) => ({
    ...t,
    examples: examples.get(t.id) ?? [],
    where: [...t.where, ...(hosts.get(t.id) ?? [])],
  }));
}

function unitSql(task: LogTask, unit: LogUnit): string {
  return `SELECT count(*) FILTER (${task.baseline.where}) AS baseline,
  count(*) FILTER (${task.incident.where}) AS incident,
  min(ts) AS first_seen, max(ts) AS last_seen
FROM ${task.table} WHERE ${ofUnit(unit)}`;
}

function limitsOf(task: LogTask, units: readonly LogUnit[], lengths: Lengths): string[] {
  const limits = [
    `Rates are counted per ${formatDuration(task.bucket)}: ${String(Math.floor(lengths.baseline))} buckets of the baseline, ${String(Math.floor(lengths.incident))} of the incident.`,
  ];
  if (lengths.baseline < 16) {
    limits.push(
      "The baseline is too short to tell how much its templates vary; a longer one makes verdicts safer.",
    );
  }
  const cut = new Set(
    units.flatMap((u) => (u.id.includes("/") ? [u.id.slice(0, u.id.indexOf("/"))] : [])),
  );
  if (cut.size > 0) {
    limits.push(
      `${cut.size === 1 ? "One template is" : `${String(cut.size)} templates are`} mostly parameters; the kinds of messages in ${cut.size === 1 ? "it" : "them"} are compared one by one.`,
    );
  }
  return limits;
}

function skippedComparison(why: string): LogComparison {
  const window = { from: 0, to: 0, lines: 0 };
  const services: ServiceVolume[] = [];
  return {
    ...{ skipped: why, baseline: window, incident: window, bucket: 0, templates: [] },
    ...{ services, limits: [], sql: "" },
  };
}
