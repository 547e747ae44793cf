import type { OnsetOrder, RankerOrder, Stability, StabilitySubject } from "../model/stability.ts";
import type { Suspect } from "../model/suspect.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { concordance, robustScore, sigmaScore, walkScores } from "./rca/rankers.ts";
import { hasMovableOnset, sidesAt, type SeriesPoints, type Sides } from "./rca/series-points.ts";
import { orderSuspects } from "./rank-suspects.ts";
import { keyOf, readMaterial, type Material, type SuspectsInput } from "./suspect-material.ts";
import { throwIfCancelled } from "./table-task.ts";
import type { WindowPair } from "./windows.ts";

/** Onsets on each side of the given one. */
const STEPS = 10;
/** The farthest lies this part of the incident's length away. */
const FARTHEST = 0.25;
/** Suspects that are followed: those so far up in any of the orders. */
const FOLLOWED = 6;

/**
 * Whether the order of suspects holds: the same ranking with the incident
 * beginning earlier and later (up to a quarter of its length), and other rankers
 * at the given onset: BARO's robust score, N-sigma, who moved first, and a random
 * walk over the calls where they are known.
 * @throws Fault<EngineError>
 */
export async function rankStability(
  engine: Engine,
  input: SuspectsInput,
  options: QueryOptions = {},
): Promise<Stability> {
  const { windows } = input;
  if (!hasMovableOnset(windows)) {
    return skipped(
      "The windows are not two times, one after the other: there is no onset to move.",
    );
  }
  const moments = onsetsAround(windows);
  const material = await readMaterial(engine, input, moments, options);
  const own = orderSuspects(material, null);
  const orders = moments.map((at) => {
    throwIfCancelled(options);
    return { at, order: orderSuspects(material, at) };
  });
  const given = moments.findIndex((at) => at >= (windows.incident.from ?? 0));
  const main = new Map(own.map((s, k) => [idOf(s), k + 1]));
  const others = rankersOf(material, own);
  const followed = [own, ...orders.map((o) => o.order)].flatMap((order) =>
    order.slice(0, FOLLOWED),
  );
  const firsts = others.flatMap(({ places }) =>
    own.filter((s) => (places.get(idOf(s)) ?? Infinity) <= FOLLOWED / 2),
  );
  const subjects = uniqueSubjects([...own.slice(0, FOLLOWED), ...followed, ...firsts], main);
  const ranksOf = (places: ReadonlyMap<string, number>) =>
    subjects.map((s) => places.get(idOf(s)) ?? null);
  const tried: OnsetOrder[] = orders.map(({ at, order }, k) => ({
    at,
    // At the given onset the windows stand as they are.
    ranks: ranksOf(k === given ? main : new Map(order.map((s, r) => [idOf(s), r + 1]))),
  }));
  const rankers: RankerOrder[] = [
    {
      id: "inquest",
      title: "This list",
      what: "strength against what is usual, with all checks",
      ranks: ranksOf(main),
    },
    ...others.map(({ id, title, what, places }) => ({ id, title, what, ranks: ranksOf(places) })),
  ];
  return {
    skipped: null,
    subjects: subjects.map(subjectOf),
    ...{ onsets: tried, given, rankers },
    firstHolds: firstHolds(tried, given),
    agreement: agreementOf(rankers),
  };
}

function skipped(why: string): Stability {
  return {
    ...{ skipped: why, subjects: [], onsets: [], given: 0, rankers: [] },
    ...{ firstHolds: null, agreement: null },
  };
}

/** Moments around the incident's beginning, that itself among them; none before half the baseline. */
function onsetsAround({ baseline, incident }: WindowPair): number[] {
  const from = incident.from ?? 0;
  const length = (incident.to ?? from) - from;
  const middle = ((baseline.from ?? from) + (baseline.to ?? from)) / 2;
  const step = (FARTHEST * length) / STEPS;
  return Array.from({ length: 2 * STEPS + 1 }, (_, k) =>
    Math.round(from + (k - STEPS) * step),
  ).filter((at) => at > middle);
}

/** A service is the same suspect whichever of its series leads. */
function idOf({ kind, table, name, service, signals }: Suspect): string {
  return signals !== undefined && service !== null
    ? `service\u0000${service}`
    : `${kind}\u0000${table}\u0000${name}`;
}

function subjectOf(suspect: Suspect): StabilitySubject {
  const isService = suspect.signals !== undefined && suspect.service !== null;
  return {
    name: isService ? (suspect.service ?? suspect.name) : suspect.name,
    table: suspect.table,
    isService,
    isEvent: suspect.kind === "event",
  };
}

/** Each once, in the order of the list; those that are not in it at the end. */
function uniqueSubjects(
  suspects: readonly Suspect[],
  main: ReadonlyMap<string, number>,
): Suspect[] {
  const seen = new Map(suspects.map((s) => [idOf(s), s]));
  const place = (s: Suspect) => main.get(idOf(s)) ?? Infinity;
  return [...seen.values()].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

interface Ranked extends Omit<RankerOrder, "ranks"> {
  readonly places: ReadonlyMap<string, number>;
}

/** Other ways to rank the same suspects; events are none of theirs. */
function rankersOf(material: Material, own: readonly Suspect[]): Ranked[] {
  const measured = own.filter((s) => s.kind !== "event");
  const sides = new Map(measured.map((s) => [idOf(s), sidesOf(s, material)]));
  const byScore = (score: (sides: Sides) => number): Map<string, number> =>
    placesBy(measured, (s) =>
      Math.max(-1, ...(sides.get(idOf(s)) ?? []).map(score).filter((v) => !Number.isNaN(v))),
    );
  const rankers: Ranked[] = [
    {
      id: "baro",
      title: "Robust distance",
      what: "the farthest value of the incident from the baseline's median, in interquartile ranges (BARO)",
      places: byScore(robustScore),
    },
    {
      id: "n-sigma",
      title: "N-sigma",
      what: "the farthest value of the incident from the baseline's mean, in standard deviations",
      places: byScore(sigmaScore),
    },
    {
      id: "onset",
      title: "Moved first",
      what: "the earliest onset, whatever the size",
      places: placesBy(measured, (s) => (s.onset === null ? -Infinity : -s.onset.at)),
    },
  ];
  const { graph } = material;
  if (graph.size === 0) return rankers;
  const trouble = new Map(
    measured.flatMap((s) =>
      s.signals === undefined || s.service === null ? [] : [[s.service, s.score] as const],
    ),
  );
  const walk = walkScores(trouble, graph);
  const services = measured.filter((s) => s.service !== null && walk.has(s.service));
  return [
    ...rankers,
    {
      id: "walk",
      title: "Random walk",
      what: "where a walk over the calls, from caller to callee, comes to rest",
      places: placesBy(services, (s) => walk.get(s.service ?? "") ?? 0),
    },
  ];
}

/** Values of what a suspect stands for, before and during the incident. */
function sidesOf(suspect: Suspect, { points, courses, input }: Material): Sides[] {
  if (suspect.signals !== undefined) {
    const names = new Set(suspect.signals.map((s) => `${s.table}\u0000${s.name}`));
    const isOwn = (p: SeriesPoints) => names.has(`${p.table}\u0000${p.series}`);
    return points.filter(isOwn).map((p) => sidesAt(p, null));
  }
  const table = input.tables.find((t) => t.name === suspect.table);
  if (table === undefined) return [];
  const course = courses.get(keyOf({ table, compared: { column: suspect.name } }));
  if (course === undefined) return [];
  const { values, baseline } = course;
  return [{ before: values.slice(0, baseline), after: values.slice(baseline) }];
}

function placesBy(
  suspects: readonly Suspect[],
  score: (suspect: Suspect) => number,
): Map<string, number> {
  const sorted = suspects
    .map((suspect) => ({ id: idOf(suspect), value: score(suspect) }))
    .sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1));
  return new Map(sorted.map(({ id }, k) => [id, k + 1]));
}

/** The onsets around the given one at which the same suspect comes first. */
function firstHolds(
  onsets: readonly OnsetOrder[],
  given: number,
): { from: number; to: number } | null {
  const first = onsets[given]?.ranks.indexOf(1) ?? -1;
  if (first < 0) return null;
  const holds = (k: number): boolean => onsets[k]?.ranks[first] === 1;
  let [low, high] = [given, given];
  while (holds(low - 1)) low--;
  while (holds(high + 1)) high++;
  return { from: onsets[low]?.at ?? 0, to: onsets[high]?.at ?? 0 };
}

function agreementOf(rankers: readonly RankerOrder[]): number | null {
  const size = rankers[0]?.ranks.length ?? 0;
  const common = Array.from({ length: size }, (_, k) => k).filter((k) =>
    rankers.every((r) => (r.ranks[k] ?? null) !== null),
  );
  const within = rankers.map(({ ranks }) => {
    const sorted = common.toSorted((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
    return common.map((k) => sorted.indexOf(k) + 1);
  });
  return concordance(within);
}
