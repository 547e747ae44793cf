import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, queryRows, STRING, STRING_OR_NULL, TIMESTAMP_OR_NULL } from "../tables/rows.ts";
import { ident, text } from "../tables/sql.ts";
import { formatNumber } from "./sentences.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Lines of trouble that speak of something that no deployment of one's own brings about. */
export interface OutsideSign {
  /** `expired certificate`, or the name of a host outside. */
  readonly sign: string;
  readonly isHost: boolean;
  readonly service: string | null;
  /**
   * Lines of trouble that speak of it: in the first half of the baseline, and
   * since then, with all lines of trouble since then. Trouble may well have begun
   * before the incident's window.
   */
  readonly before: number;
  readonly since: number;
  readonly all: number;
  /** First such line since then, µs UTC. */
  readonly first: number | null;
  readonly evidence: number;
}

/** What lines say, as patterns (RE2) over the lower-cased message and fields; the first that fits counts. */
const SAYINGS: readonly (readonly [string, string])[] = [
  [
    "expired certificate",
    "certificate (?:has )?expired|cert(?:ificate)?[^,;]{0,30} expired|x509: certificate",
  ],
  ["full disk", "no space left on device|\\benospc\\b|disk (?:is )?full|disk quota exceeded"],
  [
    "name resolution",
    "no such host|\\bnxdomain\\b|name or service not known|failure in name resolution|getaddrinfo|\\benotfound\\b",
  ],
  [
    "limit of a quota",
    "quota exceeded|rate limit (?:exceeded|reached)|too many requests|\\bthrottl(?:ed|ing)",
  ],
];
/** A public name: behind a scheme, a sign or a blank; package paths have a slash or a class behind. */
const HOST =
  "(?:://|[=@ \"':(])((?:[a-z0-9-]+\\.)+(?:com|net|org|io|cloud|dev|app|ai|co|eu))(?:[:/\"', )?]|$)";
const NOT_OUTSIDE = ["github.com", "golang.org", "google.golang.org", "example.com", "w3.org"];

const TROUBLE = "('warn', 'error', 'fatal')";

/**
 * Signs of something outside in the lines of trouble of both windows; none for windows without times.
 * @throws Fault<EngineError>
 */
export async function outsideSigns(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<OutsideSign[]> {
  const logs = tables.find((t) => t.target === "logs");
  if (logs === undefined) return [];
  const { from, to } = windows.baseline;
  if (from === null || to === null) return [];
  const middle = Math.floor((from + to) / 2);
  const early = windowPredicate(logs, { ...windows.baseline, to: middle });
  const rest = windowPredicate(logs, { ...windows.baseline, from: middle });
  const incident = windowPredicate(logs, windows.incident);
  if (early === null || rest === null || incident === null) return [];
  const late = `(${rest} OR ${incident})`;
  const cases = SAYINGS.map(
    ([sign, pattern]) => `WHEN regexp_matches(t, ${text(pattern)}) THEN ${text(sign)}`,
  );
  const rows = await queryRows(
    engine,
    `WITH lines AS (
  SELECT (${late}) AS late, service, ts, _ev, lower(concat_ws(' ', message, fields)) AS t
  FROM ${ident(logs.name)} WHERE (${early} OR ${late}) AND level IN ${TROUBLE}),
signs AS (
  SELECT *, CASE ${cases.join(" ")} ELSE nullif(regexp_extract(t, ${text(HOST)}, 1), '') END AS sign,
    count(*) FILTER (late) OVER () AS everything FROM lines)
SELECT sign, mode(service) AS service, count(*) FILTER (NOT late) AS before, count(*) FILTER (late) AS since,
  any_value(everything) AS everything, min(ts) FILTER (late) AS first, min(_ev) FILTER (late) AS ev
FROM signs WHERE sign IS NOT NULL AND sign NOT IN (${NOT_OUTSIDE.map(text).join(", ")})
GROUP BY sign HAVING count(*) FILTER (late) > 0 ORDER BY since DESC, sign LIMIT 20`,
    {
      ...{ sign: STRING, service: STRING_OR_NULL, before: NUMBER, since: NUMBER },
      ...{ everything: NUMBER, first: TIMESTAMP_OR_NULL, ev: NUMBER },
    },
    options,
  );
  return rows.map(({ everything, ev, ...row }) => ({
    ...row,
    isHost: !SAYINGS.some(([sign]) => sign === row.sign),
    all: everything,
    evidence: ev,
  }));
}

/** Fewer lines than this are no sign. */
const LEAST_LINES = 3;
/** The highest score, that of the strongest suspect being 1. */
const MOST = 0.9;

/**
 * Signs as suspects: the share of the incident's lines of trouble that speak of
 * it, by how new that is, of the strongest suspect's score.
 * @param lengths of the baseline's first half and of the time since, in µs
 */
export function outsideSuspects(
  signs: readonly OutsideSign[],
  strongest: number,
  lengths: { readonly before: number; readonly since: number } | null,
): Suspect[] {
  return signs
    .filter((s) => s.since >= LEAST_LINES)
    .map((sign) => {
      const expected =
        lengths === null ? sign.before : (sign.before / lengths.before) * lengths.since;
      const isNew = Math.max(0, 1 - expected / sign.since);
      const share = sign.since / sign.all;
      const before =
        sign.before === 0
          ? "none in the first half of the baseline"
          : `${formatNumber(sign.before)} in the first half of the baseline`;
      const what = sign.isHost ? `name \`${sign.sign}\`, a host outside` : `speak of: ${sign.sign}`;
      return {
        ...{ rank: 0, kind: "template" as const, name: sign.sign, table: "logs" },
        ...{ service: sign.service, layer: "infrastructure" as const },
        onset: sign.first === null ? null : { at: sign.first, from: sign.first, to: sign.first },
        // One failure writes several lines, of which one names its reason.
        score: MOST * strongest * Math.sqrt(share) * isNew,
        sentence: `${formatNumber(sign.since)} of the ${formatNumber(sign.all)} warnings and errors since the middle of the baseline ${what}; ${before}`,
        checks: [
          {
            name: "specificity",
            result: isNew >= 0.8 ? ("supports" as const) : ("unknown" as const),
            why: `${formatNumber(sign.since)} lines against ${formatNumber(Math.round(expected))} that the baseline lets expect`,
          },
          {
            name: "coverage",
            result: share >= 0.5 ? ("supports" as const) : ("unknown" as const),
            why: `${formatNumber(Math.round(100 * share))} % of the warnings and errors since the middle of the baseline`,
          },
        ],
        shiftIds: [],
        evidenceIds: [`E${String(sign.evidence)}`],
      };
    });
}
