import { DAY, formatIso, type EvidenceTime } from "../base/time.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER_OR_NULL, STRING, STRING_OR_NULL, TIMESTAMP, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { formatDuration, formatList } from "./sentences.ts";
import type { CaseEvent, SymptomOnset } from "./suspect-checks.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Kinds of events that report trouble instead of making it. */
const REPORTING = /alert|expectation|incident|note|validation|alarm/iu;

/** Deployments, configuration changes and the like, without alerts and notes. */
export function changesByPeople(events: readonly CaseEvent[]): CaseEvent[] {
  return events.filter((event) => !REPORTING.test(event.kind));
}

/** Events between the start of the baseline and the end of the incident. */
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
      `SELECT ts, coalesce(kind, 'event') AS kind, coalesce(title, '') AS title, service, _ev AS ev
FROM ${ident(table.name)} WHERE ts IS NOT NULL AND ${range ?? "true"} ORDER BY ts LIMIT 5000`,
      {
        ts: TIMESTAMP,
        kind: STRING,
        title: STRING,
        service: STRING_OR_NULL,
        ev: NUMBER_OR_NULL,
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
      })),
    );
  }
  return events;
}

/** Events by the strongest suspect that began to move within a day after them. */
export function eventSuspects(
  events: readonly CaseEvent[],
  suspects: readonly Suspect[],
  symptom: SymptomOnset | null,
): Suspect[] {
  return events.map((event) => {
    const followed = suspects
      .filter((s) => s.onset !== null && s.onset.to >= event.at && s.onset.at <= event.at + DAY)
      .sort((a, b) => b.score - a.score);
    const best = followed[0];
    const before = symptom === null || event.at <= symptom.to;
    const when = formatIso(event.at as EvidenceTime);
    return {
      rank: 0,
      kind: "event" as const,
      name: event.title === "" ? event.kind : event.title,
      table: "events",
      service: event.service,
      layer: "people" as const,
      onset: { at: event.at, from: event.at, to: event.at },
      score: (best === undefined ? 0.1 : 0.7 * best.score) * (before ? 1 : 0.4),
      sentence:
        best === undefined
          ? `${event.kind} “${event.title}” at ${when}; nothing that was compared began to move within a day after it`
          : `${event.kind} “${event.title}” at ${when}; within a day after it ${formatList(followed.map((s) => `\`${s.name}\``))} began to move`,
      checks: [
        {
          name: "precedence",
          result:
            symptom === null
              ? ("unknown" as const)
              : before
                ? ("supports" as const)
                : ("contradicts" as const),
          why:
            symptom === null
              ? "when the trouble began is not known"
              : `${formatDuration(symptom.at - event.at)} ${symptom.at >= event.at ? "before" : "after"} ${symptom.what}`,
        },
        {
          name: "followed by",
          result: best === undefined ? ("contradicts" as const) : ("supports" as const),
          why: `${String(followed.length)} suspects began to move within a day after it`,
        },
      ],
      shiftIds: best?.shiftIds ?? [],
      evidenceIds: event.evidenceId === null ? [] : [event.evidenceId],
    };
  });
}
