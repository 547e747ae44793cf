import type { ServiceVolume } from "../../model/log-comparison.ts";
import { formatNumber, quoteValue } from "../sentences.ts";
import { shrunkRatio } from "./count-statistics.ts";
import { addCounts, NO_COUNTS, type SparseCounts, type UnitCounts } from "./unit-counts.ts";
import { rateChange, type Lengths } from "./unit-verdict.ts";

/** A unit with its lines per bucket. */
interface Counted extends UnitCounts {
  readonly baselineBuckets: SparseCounts;
  readonly incidentBuckets: SparseCounts;
}

interface Lines {
  readonly baseline: number;
  readonly incident: number;
}

/** What the services did as a whole, against which templates are measured. */
export interface Activity {
  /** Lines of all units by service. */
  readonly lines: ReadonlyMap<string | null, Lines>;
  readonly services: readonly ServiceVolume[];
  /** By what factor the unit's rate would have changed had it gone with its services. */
  readonly of: (unit: UnitCounts) => number;
  /** All lines of the services that write the unit. */
  readonly linesOf: (unit: UnitCounts) => Lines;
}

/** Templates with fewer lines say nothing about their service. */
const LEAST_LINES = 10;
/** Fewer templates have no median that one of them does not move. */
const LEAST_TEMPLATES = 5;

/**
 * The activity of a service is the median over its templates of the ratio of their
 * rates, as the size factors of Anders and Huber (2010): a template that bursts or
 * stops does not move it, unlike the sum of lines, under which all others would
 * seem to thin when one bursts. Services with few templates go by all templates of
 * the case; where these are few too, by the clock alone (factor 1).
 */
export function measureActivity(units: readonly Counted[], lengths: Lengths): Activity {
  const exposure = lengths.incident / lengths.baseline;
  const lines = new Map<string | null, Lines>();
  const ratios = new Map<string | null, number[]>();
  const all: number[] = [];
  for (const unit of units) {
    for (const { service, baseline, incident } of unit.services) {
      const sum = lines.get(service) ?? { baseline: 0, incident: 0 };
      lines.set(service, {
        baseline: sum.baseline + baseline,
        incident: sum.incident + incident,
      });
      if (baseline === 0 || baseline + incident < LEAST_LINES) continue;
      const ratio = shrunkRatio(incident, baseline * exposure);
      ratios.set(service, [...(ratios.get(service) ?? []), incident === 0 ? 0 : ratio]);
      all.push(incident === 0 ? 0 : ratio);
    }
  }
  const usual = all.length < LEAST_TEMPLATES ? 1 : median(all);
  const factors = new Map(
    [...lines.keys()].map((service) => {
      const own = ratios.get(service) ?? [];
      return [service, own.length < LEAST_TEMPLATES ? usual : median(own)] as const;
    }),
  );
  const of = ({ services }: UnitCounts): number => {
    const total = services.reduce((sum, s) => sum + s.baseline, 0);
    // Without lines in the baseline the incident's tell where it belongs.
    const weight = (s: Lines): number => (total === 0 ? s.incident : s.baseline);
    const weights = services.reduce((sum, s) => sum + weight(s), 0);
    const expected = services.reduce(
      (sum, s) => sum + weight(s) * (factors.get(s.service) ?? 1),
      0,
    );
    return weights === 0 ? 1 : expected / weights;
  };
  const linesOf = ({ services }: UnitCounts): Lines => {
    const own = services.map((s) => lines.get(s.service) ?? { baseline: 0, incident: 0 });
    return {
      baseline: own.reduce((sum, s) => sum + s.baseline, 0),
      incident: own.reduce((sum, s) => sum + s.incident, 0),
    };
  };
  const services = [...lines].map(([service, sum]) =>
    serviceVolume(service, sum, units, factors.get(service) ?? 1, lengths),
  );
  return { lines, services: services.sort(byChange), of, linesOf };
}

function serviceVolume(
  service: string | null,
  lines: Lines,
  units: readonly Counted[],
  activity: number,
  lengths: Lengths,
): ServiceVolume {
  const own = units.filter((u) => mainService(u) === service);
  const change = rateChange(
    {
      ...lines,
      baselineBuckets: own.reduce((sum, u) => addCounts(sum, u.baselineBuckets), NO_COUNTS),
      incidentBuckets: own.reduce((sum, u) => addCounts(sum, u.incidentBuckets), NO_COUNTS),
    },
    lengths,
    activity,
  );
  // The service as a whole changed where its typical template did: judged against the clock alone.
  const typical = rateChange(
    {
      baseline: lines.baseline,
      incident: lines.baseline * activity * (lengths.incident / lengths.baseline),
      baselineBuckets: own.reduce((sum, u) => addCounts(sum, u.baselineBuckets), NO_COUNTS),
      incidentBuckets: NO_COUNTS,
    },
    lengths,
    1,
  );
  const name = service === null ? "Lines that name no service" : `Lines of ${quoteValue(service)}`;
  return {
    service,
    ...lines,
    ratio: change.timeRatio,
    activity,
    verdict: lines.baseline === 0 ? "none" : typical.verdict,
    sentence: `${name}: ${formatNumber(lines.baseline)} in the baseline, ${formatNumber(lines.incident)} in the incident${change.timeRatio === null ? "" : `, ${formatNumber(change.timeRatio)} times as many per time; its typical template has ${formatNumber(activity)} times as many`}`,
  };
}

function mainService({ services }: UnitCounts): string | null {
  const lines = (s: Lines): number => s.baseline + s.incident;
  return services.toSorted((a, b) => lines(b) - lines(a))[0]?.service ?? null;
}

function byChange(a: ServiceVolume, b: ServiceVolume): number {
  const size = (s: ServiceVolume): number => Math.abs(Math.log(Math.max(s.activity, 1e-9)));
  return size(b) - size(a) || b.baseline + b.incident - (a.baseline + a.incident);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 1) + (sorted[Math.ceil(middle)] ?? 1)) / 2;
}
