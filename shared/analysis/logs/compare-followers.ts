import type {
  FollowerChange,
  FollowerComparison,
  FollowerRate,
} from "../../model/log-comparison.ts";
import type { Verdict } from "../../model/shift.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { formatDuration, formatShare } from "../sentences.ts";
import { cohensH } from "../statistics/effect-sizes.ts";
import { throwIfCancelled } from "../table-task.ts";
import {
  countFollowers,
  followersSql,
  hasTraces,
  sampledShare,
  WITHIN,
  type FollowerCount,
} from "./follower-counts.ts";
import { logTask, type LogsInput, type LogTask } from "./log-task.ts";
import { keyOf, readUnits, type LogUnit } from "./log-units.ts";
import { countUnits } from "./unit-counts.ts";
import { wilsonInterval } from "./wilson.ts";

/** Templates among which pairs are looked for: the most frequent of each window. */
const MOST_TEMPLATES = 60;
const MOST_CHANGES = 50;
/** Cases that a pair needs in each window, and in each half of the baseline. */
export const CASES = { baseline: 20, incident: 10, half: 8 } as const;
/** A habit: nine in ten. Its absence: one in ten. */
const HABIT = 0.9;
const ABSENCE = 0.1;
/** Cohen (1988): .5 is medium. From nine in ten it takes a fall to 69 %. */
const LEAST_H = 0.5;

/**
 * Pairs of templates of which the second followed the first within seconds in nine of
 * ten cases, in both halves of the baseline, and no longer does; and the reverse. The
 * 95 % intervals of both shares must lie apart and Cohen's h be .5 or more; major is
 * what happens in less than half of the cases now (nine in ten for new followers).
 * Throws `Fault<EngineError>`.
 */
export async function compareFollowers(
  engine: Engine,
  input: LogsInput,
  options: QueryOptions = {},
): Promise<FollowerComparison> {
  const task = await logTask(engine, input, options);
  if (typeof task === "string") return NOTHING;
  const { units, baseline, incident } = await frequentUnits(task, input);
  if (units.length === 0) return NOTHING;
  const byTrace = await hasTraces(task);
  throwIfCancelled(options);
  const before = await countFollowers(task, units, task.baseline, byTrace, baseline);
  options.onProgress?.(0.6);
  const after = await countFollowers(task, units, task.incident, byTrace, incident);
  options.onProgress?.(1);
  return {
    by: byTrace ? "trace" : "service and host",
    within: WITHIN,
    templates: units.length,
    sampled: Math.min(sampledShare(baseline), sampledShare(incident)),
    changes: changedPairs(units, before, after),
    sql: followersSql(task, units, task.incident, byTrace, sampledShare(incident)),
  };
}

const NOTHING: FollowerComparison = {
  ...{ by: "service and host", within: WITHIN, templates: 0, sampled: 1, changes: [], sql: "" },
};

async function frequentUnits(
  task: LogTask,
  input: LogsInput,
): Promise<{ units: LogUnit[]; baseline: number; incident: number }> {
  const all = await readUnits(task.engine, input.edits, task.options);
  const counts = await countUnits(task, all);
  const counted = all.map((unit) => {
    const { baseline = 0, incident = 0 } = counts.get(keyOf(unit)) ?? {};
    return { unit, baseline, incident };
  });
  const chosen = new Set(
    (["baseline", "incident"] as const).flatMap((which) =>
      counted
        .filter((c) => c[which] >= CASES[which])
        .sort((a, b) => b[which] - a[which])
        .slice(0, MOST_TEMPLATES / 2),
    ),
  );
  const list = [...chosen];
  return {
    units: list.map((c) => c.unit),
    baseline: list.reduce((sum, c) => sum + c.baseline, 0),
    incident: list.reduce((sum, c) => sum + c.incident, 0),
  };
}

/** Pairs that changed, strongest first; a pure reading of the counts. */
export function changedPairs(
  units: readonly LogUnit[],
  before: readonly FollowerCount[],
  after: readonly FollowerCount[],
): FollowerChange[] {
  const byKey = new Map(units.map((u) => [keyOf(u), u]));
  const b = tally(before);
  const i = tally(after);
  const pairs = new Set([...b.followed.keys(), ...i.followed.keys()]);
  const changes = [...pairs].flatMap((pair): FollowerChange[] => {
    const [first, then] = pair.split(">").map(Number);
    const [one, other] = [byKey.get(first ?? -1), byKey.get(then ?? -1)];
    if (first === undefined || one === undefined || other === undefined) return [];
    const halves = [0, 1].map((half) => rateOf(b.of(pair, first, half)));
    const rates = { baseline: rateOf(b.of(pair, first)), incident: rateOf(i.of(pair, first)) };
    const judged = judgePair(rates.baseline, rates.incident, halves);
    if (judged === null) return [];
    const name = (u: LogUnit): { id: string; text: string } => ({
      id: u.id,
      text: u.template.text,
    });
    return [
      { ...judged, ...rates, first: name(one), then: name(other), sentence: sentenceOf(rates) },
    ];
  });
  return changes.sort((x, y) => Math.abs(y.h) - Math.abs(x.h)).slice(0, MOST_CHANGES);
}

function judgePair(
  baseline: FollowerRate,
  incident: FollowerRate,
  halves: readonly FollowerRate[],
): { kind: FollowerChange["kind"]; verdict: Verdict; h: number } | null {
  if (baseline.cases < CASES.baseline || incident.cases < CASES.incident) return null;
  if (halves.some((half) => half.cases < CASES.half)) return null;
  const h = cohensH(baseline.share, incident.share);
  if (Math.abs(h) < LEAST_H) return null;
  if (h < 0 && halves.every((half) => half.share >= HABIT) && incident.high < baseline.low) {
    return { kind: "broken", verdict: incident.share <= 0.5 ? "major" : "minor", h };
  }
  const isNew =
    incident.share >= 0.5 &&
    halves.every((half) => half.share <= ABSENCE) &&
    incident.low > baseline.high;
  return isNew ? { kind: "new", verdict: incident.share >= HABIT ? "major" : "minor", h } : null;
}

interface Tally {
  readonly followed: ReadonlyMap<string, number>;
  readonly of: (
    pair: string,
    first: number,
    half?: number,
  ) => readonly [hits: number, cases: number];
}

function tally(counts: readonly FollowerCount[]): Tally {
  const followed = new Map<string, number>();
  const byHalf = new Map<string, number>();
  for (const { first, then, half, n } of counts) {
    const key = then === null ? String(first) : `${String(first)}>${String(then)}`;
    if (then !== null) followed.set(key, (followed.get(key) ?? 0) + n);
    byHalf.set(`${key}/${String(half)}`, n);
  }
  const sum = (key: string, half?: number): number =>
    half === undefined ? sum(key, 0) + sum(key, 1) : (byHalf.get(`${key}/${String(half)}`) ?? 0);
  return { followed, of: (pair, first, half) => [sum(pair, half), sum(String(first), half)] };
}

function rateOf([followed, cases]: readonly [number, number]): FollowerRate {
  const share = cases === 0 ? 0 : followed / cases;
  return { cases, followed, share, ...wilsonInterval(followed, cases) };
}

function sentenceOf({
  baseline,
  incident,
}: {
  baseline: FollowerRate;
  incident: FollowerRate;
}): string {
  return `followed within ${formatDuration(WITHIN)} in ${formatShare(baseline.share)} of ${String(baseline.cases)} cases, in ${formatShare(incident.share)} of ${String(incident.cases)} in the incident`;
}
