import { DAY, HOUR } from "../../base/time.ts";
import type { RowReference } from "../../model/finding.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import type { CaseEvent } from "../suspect-checks.ts";
import { readEvents } from "../suspect-events.ts";
import type { WindowPair } from "../windows.ts";

/** Events of one kind and title that the baseline does not have. */
export interface BoardEvent {
  readonly kind: string;
  readonly title: string;
  readonly service: string | null;
  /** µs UTC of the one nearest to the incident's begin. */
  readonly at: number;
  readonly count: number;
  /** Up to `MOST_ROWS` of their records. */
  readonly rows: readonly RowReference[];
}

const MOST_ROWS = 20;

export interface BoardEvents {
  /** Nearest to the incident's begin first. */
  readonly events: readonly BoardEvent[];
  /** Kinds and titles that are in the baseline as well. */
  readonly same: number;
  /** µs UTC from which on an event is near enough to the incident; null where windows are no times. */
  readonly from: number | null;
}

/**
 * Events in the incident, or shortly before it, of which the baseline up to then has
 * none of that kind, title and service. Shortly is a quarter of the baseline, an hour
 * at least and a day at most: what leads to an incident mostly happens at the end of
 * what was still called well. Throws `Fault<EngineError>`.
 */
export async function boardEvents(
  engine: Engine,
  { tables, windows }: { readonly tables: readonly TableMeta[]; readonly windows: WindowPair },
  options: QueryOptions = {},
): Promise<BoardEvents> {
  const all = await readEvents(engine, tables, windows, options);
  return newEvents(all, windows);
}

/** The pure part. Windows that are no times (values of a column) have no events of their own. */
export function newEvents(
  all: readonly CaseEvent[],
  { baseline, incident }: WindowPair,
): BoardEvents {
  const begin = incident.from;
  if (begin === null) return { events: [], same: 0, from: null };
  const length = baseline.from === null ? Infinity : (baseline.to ?? begin) - baseline.from;
  const from = begin - Math.min(DAY, Math.max(HOUR, length / 4));
  const known = new Set(
    all
      .filter((e) => e.at >= (baseline.from ?? -Infinity))
      .filter((e) => e.at < Math.min(from, baseline.to ?? Infinity))
      .map(nameOf),
  );
  const near = all.filter((e) => e.at >= from && e.at < (incident.to ?? Infinity));
  const fresh = near.filter((e) => !known.has(nameOf(e)));
  const apart = ({ at }: { readonly at: number }): number => Math.abs(at - begin);
  const found = new Map<string, BoardEvent>();
  for (const event of [...fresh].sort((a, b) => apart(a) - apart(b) || a.at - b.at)) {
    const { kind, title, service, at } = event;
    const name = nameOf(event);
    const first = found.get(name) ?? { kind, title, service, at, count: 0, rows: [] };
    const rows = [...first.rows, ...rowOf(event)].slice(0, MOST_ROWS);
    found.set(name, { ...first, count: first.count + 1, rows });
  }
  const same = new Set(near.filter((e) => known.has(nameOf(e))).map(nameOf));
  return { events: [...found.values()], same: same.size, from };
}

function rowOf({ evidenceId, line, kind, title }: CaseEvent): RowReference[] {
  if (evidenceId === null || line === undefined) return [];
  return [{ evidenceId, line, offset: null, text: title === "" ? kind : title }];
}

/** Numbers differ from one event to the next: builds, versions, durations. */
function nameOf({ kind, title, service }: CaseEvent): string {
  return [kind, service ?? "", REPEATED.test(kind) ? title.replace(/\d+/gu, "#") : title].join("|");
}

/** Of these the same with another number is the same again; a deployment is not. */
const REPEATED = /alert|alarm|schedul|cron|job|expectation|validation|note/iu;
