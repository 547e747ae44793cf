import type { LogChangeKind, StackChange, StackComparison } from "../../model/log-comparison.ts";
import type { Verdict } from "../../model/shift.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  queryRows,
  STRING,
  STRINGS,
  TIMESTAMP_OR_NULL,
  type Row,
} from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";
import { formatNumber } from "../sentences.ts";
import { rateRatioInterval, shrunkRatio } from "./count-statistics.ts";
import { bucketsOf, logTask, type LogsInput, type LogTask } from "./log-task.ts";
import { fingerprintOf, type Fingerprint } from "./stack-fingerprint.ts";
import { readStack, type StackTrace } from "./stack-frames.ts";
import { RATIO, SUPPORT } from "./unit-verdict.ts";

/** Different texts, numbers masked, that are read; the most frequent ones. */
const MOST_TEXTS = 5000;
/** Characters of a trace that are read. */
const MOST_TEXT = 16_000;
/** Characters of an example that are kept. */
const MOST_EXAMPLE = 4000;

/** Line breaks may be escaped once or twice. */
const STACK =
  "(?:\\n|\\\\n)(?:\\s|\\\\t)*at [^\\n]+[(:]|Traceback \\(most recent call last\\)|goroutine [0-9]+ \\[|\\.go:[0-9]+";
/** Fields in which loggers put the stack; a string of JSON. */
const FIELD =
  '(?i)"(?:[a-z_.]*stack_?trace|[a-z_.]*stack|exception|exc_info|traceback|error\\.stack)"\\s*:\\s*"((?:[^"\\\\]|\\\\.)+)"';

/**
 * Stack traces of both windows, folded by fingerprint (`fingerprintOf`). A verdict needs
 * `SUPPORT` lines and a rate `RATIO` times as high or low, with the 99 % interval of
 * the buckets that have it (not of the lines: a crash writes many at once) beyond 1, for
 * major beyond `RATIO.minor`. One scan. Throws `Fault<EngineError>`.
 */
export async function compareStacks(
  engine: Engine,
  input: LogsInput,
  options: QueryOptions = {},
): Promise<StackComparison> {
  const task = await logTask(engine, input, options);
  if (typeof task === "string") return { stacks: [], lines: 0, unread: 0, sql: "" };
  const sql = stacksSql(task);
  const rows = await queryRows(engine, sql, SPEC, task.options);
  const folded = new Map<string, Folded>();
  let [lines, unread] = [0, 0];
  for (const row of rows) {
    lines += row.b + row.i;
    const stack = readStack(row.trace);
    if (stack === null) {
      unread += row.b + row.i;
      continue;
    }
    const fingerprint = fingerprintOf(stack);
    const known = folded.get(fingerprint.id);
    folded.set(
      fingerprint.id,
      known === undefined
        ? { stack, fingerprint, rows: [row] }
        : { ...known, rows: [...known.rows, row] },
    );
  }
  const all = rows[0]?.total ?? 0;
  const stacks = [...folded.values()].map((f) => stackChange(task, f));
  return { stacks: stacks.sort(byStrength), lines: all, unread: unread + all - lines, sql };
}

const SPEC = {
  trace: STRING,
  b: NUMBER,
  i: NUMBER,
  /** Buckets that have it. */
  bb: NUMBER,
  ib: NUMBER,
  /** Lines with any stack trace. */
  total: NUMBER,
  first: TIMESTAMP_OR_NULL,
  last: TIMESTAMP_OR_NULL,
  services: STRINGS,
  ev: NUMBER,
  line: NUMBER,
  off: NUMBER_OR_NULL,
} as const;

interface Folded {
  readonly stack: StackTrace;
  readonly fingerprint: Fingerprint;
  readonly rows: readonly Row<typeof SPEC>[];
}

export function stacksSql(task: LogTask): string {
  const field = `replace(replace(regexp_extract(fields, ${text(FIELD)}, 1), '\\n', chr(10)), '\\t', chr(9))`;
  const { baseline: b, incident: i } = task;
  const bucket = `epoch_us(ts) // ${String(task.bucket)}`;
  return `WITH traces AS (
  SELECT *, substr(CASE WHEN ${field} = '' OR ${field} IS NULL THEN message ELSE message || chr(10) || ${field} END, 1, ${String(MOST_TEXT)}) AS trace
  FROM ${task.table} WHERE (${b.where}) OR (${i.where}))
SELECT min(trace) AS trace, count(*) FILTER (${b.where}) AS b, count(*) FILTER (${i.where}) AS i,
  count(DISTINCT ${bucket}) FILTER (${b.where}) AS bb, count(DISTINCT ${bucket}) FILTER (${i.where}) AS ib,
  min(ts) AS first, max(ts) AS last, list(DISTINCT coalesce(service, '')) AS services,
  arg_min(_ev, ts) AS ev, arg_min(_line, ts) AS line, arg_min(_off, ts) AS off,
  (sum(count(*)) OVER ())::DOUBLE AS total
FROM traces WHERE regexp_matches(trace, ${text(STACK)})
GROUP BY regexp_replace(trace, '0x[0-9a-fA-F]+|[0-9]+', '#', 'g')
ORDER BY count(*) DESC, 1 LIMIT ${String(MOST_TEXTS)}`;
}

function stackChange(task: LogTask, { stack, fingerprint, rows }: Folded): StackChange {
  const sum = (of: (row: Row<typeof SPEC>) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const baseline = sum((r) => r.b);
  const incident = sum((r) => r.i);
  const exposure = bucketsOf(task.incident, task.bucket) / bucketsOf(task.baseline, task.bucket);
  const times = rows.flatMap((r) => [r.first ?? [], r.last ?? []].flat());
  const [example] = rows.toSorted((x, y) => (x.first ?? 0) - (y.first ?? 0));
  const judged = judgeStack(
    { baseline, incident },
    { baseline: sum((r) => r.bb), incident: sum((r) => r.ib) },
    exposure,
  );
  return {
    fingerprint: fingerprint.id,
    language: stack.language,
    exception: stack.exception,
    frames: fingerprint.frames,
    ...judged,
    ...{ baseline, incident },
    first: times.length === 0 ? null : Math.min(...times),
    last: times.length === 0 ? null : Math.max(...times),
    services: [...new Set(rows.flatMap((r) => r.services))].filter((s) => s !== "").sort(),
    example: {
      evidenceId: `E${String(example?.ev ?? 0)}`,
      line: example?.line ?? 0,
      offset: example?.off ?? null,
      text: (example?.trace ?? "").slice(0, MOST_EXAMPLE),
    },
    sentence: `${formatNumber(baseline)} times in the baseline, ${formatNumber(incident)} in the incident`,
  };
}

interface Pair {
  readonly baseline: number;
  readonly incident: number;
}

/** @param active buckets that have the trace */
export function judgeStack(
  lines: Pair,
  active: Pair,
  exposure: number,
): { kind: LogChangeKind; verdict: Verdict } {
  const ratio = shrunkRatio(lines.incident, lines.baseline * exposure);
  const rises = ratio > 1;
  const factor = rises ? ratio : 1 / ratio;
  const { low, high } = rateRatioInterval(active.baseline, active.incident, exposure);
  const bound = rises ? low : 1 / high;
  const most = Math.max(lines.baseline, lines.incident);
  const isMinor = most >= SUPPORT.minor && factor >= RATIO.minor && bound > 1;
  const isMajor = most >= SUPPORT.major && factor >= RATIO.major && bound >= RATIO.minor;
  const verdict = isMajor ? "major" : isMinor ? "minor" : "none";
  if (lines.baseline === 0) return { kind: "new", verdict };
  if (lines.incident === 0) return { kind: "vanished", verdict };
  if (verdict === "none") return { kind: "steady", verdict };
  return { kind: rises ? "level_shift" : "thinned", verdict };
}

function byStrength(a: StackChange, b: StackChange): number {
  const order = ["major", "minor", "none"];
  return (
    order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
    b.incident + b.baseline - (a.incident + a.baseline) ||
    (a.fingerprint < b.fingerprint ? -1 : 1)
  );
}
