import type { DependencyGraph } from "./dependencies.ts";
import type { ShiftScore } from "./shift-score.ts";
import type { SignalKind } from "./signal-kind.ts";

/** A series that was measured at a service, and how it moved. */
export interface Signal {
  readonly series: string;
  readonly table: string;
  /** The service; the series itself where none is named. */
  readonly service: string;
  readonly kind: SignalKind;
  readonly shift: ShiftScore;
}

/** A signal within its service. */
export interface RankedSignal extends Signal {
  /** What it adds to the score of its service before the others of the service are counted. */
  readonly weight: number;
  /** The callee whose own trouble of the same kind explains a part of it; null where none does. */
  readonly explainedBy: string | null;
}

/** One service as one suspect, however many of its series moved. */
export interface RankedService {
  readonly service: string;
  /** 0 where nothing moved, without an upper end. */
  readonly score: number;
  /** Strongest first. */
  readonly signals: readonly RankedSignal[];
}

/**
 * Traffic follows people and other services more often than it is at fault, and
 * trouble shows as more of what was noticed: errors lie behind errors.
 */
const TRAFFIC_WEIGHT = 0.5;
const SYMPTOM_KIND_WEIGHT = 1.5;
/** How much of a caller's latency or errors is taken back when a callee has as much. */
const EXPLAINED_SHARE = 0.3;
/** Each further series of a service counts so much of the one before: they often tell the same. */
const NEXT_SIGNAL = 0.7;

/**
 * Ranks services by how far their series moved. Sizes are taken as logarithms,
 * so that a series that rested before does not outweigh everything else.
 * Latency and errors of a service are partly taken back where a service that it
 * calls has trouble of the same kind: that is what makes a victim. Services
 * whose series all stayed as they were are left out.
 * @param symptomKind the kind of the metric that people noticed, or null
 */
export function rankServices(
  signals: readonly Signal[],
  graph: DependencyGraph,
  symptomKind: SignalKind | null,
): RankedService[] {
  const worst = new Map<string, number>();
  for (const { service, kind, shift } of signals) {
    const key = keyOf(service, kind);
    worst.set(key, Math.max(worst.get(key) ?? 0, logSize(shift)));
  }
  const byService = new Map<string, RankedSignal[]>();
  for (const signal of signals) {
    const ranked = weigh(signal, graph, worst, symptomKind);
    byService.set(signal.service, [...(byService.get(signal.service) ?? []), ranked]);
  }
  return [...byService]
    .map(([service, own]) => {
      const ordered = own.sort((a, b) => b.weight - a.weight || a.series.localeCompare(b.series));
      const score = ordered.reduce((sum, s, k) => sum + s.weight * NEXT_SIGNAL ** k, 0);
      return { service, score, signals: ordered };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.service.localeCompare(b.service));
}

function weigh(
  signal: Signal,
  graph: DependencyGraph,
  worst: ReadonlyMap<string, number>,
  symptomKind: SignalKind | null,
): RankedSignal {
  const { service, kind, shift } = signal;
  const own = logSize(shift);
  let explained = 0;
  let explainedBy: string | null = null;
  if (kind === "latency" || kind === "error") {
    for (const callee of graph.get(service) ?? []) {
      const theirs = Math.min(own, worst.get(keyOf(callee, kind)) ?? 0);
      if (theirs > explained) [explained, explainedBy] = [theirs, callee];
    }
  }
  const factor =
    (kind === "traffic" ? TRAFFIC_WEIGHT : 1) * (kind === symptomKind ? SYMPTOM_KIND_WEIGHT : 1);
  return {
    ...signal,
    weight: factor * (own - EXPLAINED_SHARE * explained),
    explainedBy: explained >= 0.5 * own ? explainedBy : null,
  };
}

function logSize({ score }: ShiftScore): number {
  return Math.log1p(Math.abs(score));
}

function keyOf(service: string, kind: SignalKind): string {
  return `${kind} ${service}`;
}
