import { formatIso, type EvidenceTime } from "../base/time.ts";
import type { Check, Onset, Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  STRING,
  STRING_OR_NULL,
  TIMESTAMP,
  queryRows,
} from "../tables/rows.ts";
import { ident, num } from "../tables/sql.ts";
import { changeFacts, withCommits, type ChangeFacts } from "./change-text.ts";
import type { DependencyGraph } from "./rca/dependencies.ts";
import { formatDuration, formatList } from "./sentences.ts";
import type { CaseEvent, SymptomOnset } from "./suspect-checks.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Kinds of events that report trouble instead of making it. */
const REPORTING = /alert|expectation|incident|note|validation|alarm/iu;

/** Deployments, configuration changes and the like, without alerts and notes. */
export function changesByPeople(events: readonly CaseEvent[]): CaseEvent[] {
  return events.filter((event) => !REPORTING.test(event.kind));
}

/** Of more, those nearest to the end of the incident are read. */
const MOST_EVENTS = 5000;

/** Events between the start of the baseline and the end of the incident, the latest `MOST_EVENTS`. */
export async function readEvents(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions,
): Promise<CaseEvent[]> {
  const events: CaseEvent[] = [];
  for (const table of tables.filter((t) => t.target === "events")) {
    const range = windowPredicate(table, {
      from: windows.baseline.from,
      to: windows.incident.to,
    });
    const found = await queryRows(
      engine,
      `SELECT * FROM (
  SELECT ts, coalesce(kind, 'event') AS kind, coalesce(title, '') AS title, service, _ev AS ev,
    _line AS line, concat_ws(' ', detail, fields) AS text
  FROM ${ident(table.name)} WHERE ts IS NOT NULL AND ${range ?? "true"}
  ORDER BY ts DESC, _ev DESC, _line DESC LIMIT ${num(MOST_EVENTS)}) ORDER BY ts, ev, line`,
      {
        ts: TIMESTAMP,
        kind: STRING,
        title: STRING,
        service: STRING_OR_NULL,
        ev: NUMBER_OR_NULL,
        line: NUMBER,
        text: STRING_OR_NULL,
      },
      options,
    );
    events.push(
      ...found.map((row) => ({
        at: row.ts,
        kind: row.kind,
        title: row.title,
        service: row.service,
        evidenceId: row.ev === null ? null : `E${String(row.ev)}`,
        line: row.line,
        text: row.text ?? "",
      })),
    );
  }
  return withCommits(events);
}

/** Something that moved, and when: a series of a service, or a column. */
export interface Move {
  readonly name: string;
  /** Null where it belongs to none. */
  readonly service: string | null;
  readonly onset: Onset;
  /** 0 to 1. */
  readonly strength: number;
  /** The suspect that it stands for. */
  readonly suspect: Suspect;
}

/** How much of a move counts for an event: of the same service, of a neighbour, where one of both has none, of others. */
const RELATION = { same: 1, neighbour: 0.7, unknown: 0.6, other: 0.3 } as const;
/** Even a move long after an event may have come of it: caches run out, queues fill. */
const LEAST_PROMPTNESS = 0.5;
/** What had moved before an event takes so much from its score. */
const BEFORE_SHARE = 0.6;
/** The highest score of an event, that of the suspect it explains being 1. */
const MOST = 0.9;

/**
 * Events as suspects, by what moved after them: the strongest move counts, less
 * when it is of another service or came long after, and what the event's own
 * service had shown before it speaks against it. So the newest deployment is no
 * better than others for being the newest. What a change says of itself weighs in:
 * words that it shares with what moved for it, documentation and tests or a commit
 * that was not deployed against it.
 * @param words of what moved: names of series, messages of errors
 * @param scale µs within which a move follows promptly
 */
export function eventSuspects(
  events: readonly CaseEvent[],
  moves: readonly Move[],
  graph: DependencyGraph,
  symptom: SymptomOnset | null,
  scale: number,
  words: readonly string[] = [],
): Suspect[] {
  const named = [...events, ...moves].flatMap((e) => e.service ?? []);
  const facts = changeFacts(events, words, [...new Set(named)]);
  return events.map((event) =>
    eventSuspect(event, facts.get(event) ?? NO_FACTS, moves, graph, symptom, scale),
  );
}

const NO_FACTS: ChangeFacts = {
  ...{ isUndeployed: false, isHarmless: false, relevance: 0, shared: [] },
};
/** What a change says of itself: from nothing in common with what moved, to most of all changes. */
const WORDS = { least: 0.4, most: 1 };
const HARMLESS = 0.4;
const UNDEPLOYED = 0.4;

function saidFactor({ isUndeployed, isHarmless, relevance }: ChangeFacts): number {
  const words = WORDS.least + (WORDS.most - WORDS.least) * relevance;
  return words * (isHarmless ? HARMLESS : 1) * (isUndeployed ? UNDEPLOYED : 1);
}

function eventSuspect(
  event: CaseEvent,
  facts: ChangeFacts,
  moves: readonly Move[],
  graph: DependencyGraph,
  symptom: SymptomOnset | null,
  scale: number,
): Suspect {
  const after = moves
    .filter((m) => m.onset.to >= event.at)
    .map((move) => {
      const lag = Math.max(0, move.onset.at - event.at);
      const prompt = LEAST_PROMPTNESS + (1 - LEAST_PROMPTNESS) * Math.exp(-lag / scale);
      const counts = move.strength * relationOf(event, move, graph) * prompt;
      return { move, lag, counts: counts * shareAfter(move.onset, event.at) };
    })
    .sort((a, b) => b.counts - a.counts);
  const before = moves
    .filter((m) => m.onset.to < event.at && m.service !== null && m.service === event.service)
    .sort((a, b) => b.strength - a.strength)[0];
  const [best] = after;
  const isBefore = symptom === null || event.at <= symptom.to;
  const strength = Math.max(0, (best?.counts ?? 0) - BEFORE_SHARE * (before?.strength ?? 0));
  const when = formatIso(event.at as EvidenceTime);
  const followed = [
    ...new Set(
      after.filter((a) => a.counts >= 0.5 * (best?.counts ?? 0)).map((a) => `\`${a.move.name}\``),
    ),
  ];
  const carries = event.change === undefined ? "" : ` (“${event.change}”)`;
  const what = `${event.kind} “${event.title}”${carries}${event.service === null ? "" : ` of ${event.service}`} at ${when}`;
  return {
    rank: 0,
    kind: "event",
    name: event.title === "" ? event.kind : event.title,
    table: "events",
    service: event.service,
    layer: "people",
    onset: { at: event.at, from: event.at, to: event.at },
    score: MOST * strength * (isBefore ? 1 : 0.4) * saidFactor(facts),
    sentence:
      best === undefined
        ? `${what}; nothing that was compared began to move after it`
        : `${what}; after it ${formatList(followed, 4)} began to move`,
    checks: [
      precedenceOf(event, symptom, isBefore),
      followedBy(best),
      quietBefore(event, before),
      plausibility(event, facts),
    ],
    shiftIds: best?.move.suspect.shiftIds ?? [],
    evidenceIds: event.evidenceId === null ? [] : [event.evidenceId],
  };
}

/** The part of an onset's interval that lies after a time: how likely it is that it began after it. */
function shareAfter({ from, to }: Onset, at: number): number {
  return to <= from ? 1 : Math.min(1, Math.max(0, (to - at) / (to - from)));
}

function relationOf(event: CaseEvent, { service }: Move, graph: DependencyGraph): number {
  if (event.service === null || service === null) return RELATION.unknown;
  if (event.service === service) return RELATION.same;
  const linked =
    graph.get(service)?.has(event.service) === true ||
    graph.get(event.service)?.has(service) === true;
  return linked ? RELATION.neighbour : RELATION.other;
}

function precedenceOf(event: CaseEvent, symptom: SymptomOnset | null, isBefore: boolean): Check {
  const name = "precedence";
  if (symptom === null) {
    return { name, result: "unknown", why: "when the trouble began is not known" };
  }
  const side = symptom.at >= event.at ? "before" : "after";
  const why = `${formatDuration(Math.abs(symptom.at - event.at))} ${side} ${symptom.what}`;
  return { name, result: isBefore ? "supports" : "contradicts", why };
}

function followedBy(best: { move: Move; lag: number } | undefined): Check {
  const name = "followed by";
  if (best === undefined) {
    return { name, result: "contradicts", why: "nothing that was compared began to move after it" };
  }
  const { move, lag } = best;
  const of = move.service === null ? "" : ` of ${move.service}`;
  const later = lag === 0 ? "at that time" : `${formatDuration(lag)} later`;
  return { name, result: "supports", why: `\`${move.name}\`${of} began to move ${later}` };
}

function quietBefore(event: CaseEvent, before: Move | undefined): Check {
  const name = "quiet before";
  if (event.service === null) {
    return { name, result: "unknown", why: "the event names no service" };
  }
  if (before === undefined) {
    return {
      name,
      result: "supports",
      why: `nothing of ${event.service} had begun to move before it`,
    };
  }
  const ahead = formatDuration(event.at - before.onset.at);
  return {
    name,
    result: "contradicts",
    why: `\`${before.name}\` of ${event.service} had begun to move ${ahead} before it`,
  };
}

/** What the change says of itself. */
function plausibility({ text }: CaseEvent, facts: ChangeFacts): Check {
  const name = "plausibility";
  const { isUndeployed, isHarmless, shared, relevance } = facts;
  if (isUndeployed) {
    return { name, result: "contradicts", why: "no deployment on record carries this commit" };
  }
  if (isHarmless) {
    const why = "by its message or its files it changes documentation, tests or looks";
    return { name, result: "contradicts", why };
  }
  if (shared.length > 0) {
    const why = `it speaks of ${formatList(shared.map((w) => `“${w}”`))}, as what moved does`;
    return { name, result: relevance >= 0.5 ? "supports" : "unknown", why };
  }
  const why =
    text === undefined || text.trim() === ""
      ? "the record does not say what was changed"
      : "it shares no telling word with what moved";
  return { name, result: "unknown", why };
}
