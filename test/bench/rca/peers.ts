import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SECOND } from "../../../shared/base/time.ts";
import { STRING, STRING_OR_NULL, queryRows } from "../../../shared/tables/rows.ts";
import { PYTHON } from "../compare/peers.ts";
import type { NodeEngine } from "../../support/node-engine.ts";
import { placeOf } from "./accuracy.ts";
import type { RcaCase } from "./cases.ts";

/**
 * A case as another ranker gets it: the same series, the same windows, in seconds
 * since the baseline's beginning, the incident right after it.
 */
export interface PeerCase {
  readonly case: string;
  /** First second of the incident. */
  readonly inject: number;
  readonly series: readonly {
    readonly service: string;
    readonly name: string;
    readonly times: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly root: { readonly service: string; readonly metric: string | null };
}

/** Where another ranker puts the root cause. */
export interface PeerRanking {
  readonly ranker: string;
  readonly case: string;
  readonly service: number | null;
  readonly metric?: number | null;
}

const LONGEST_MS = 30 * 60_000;

export async function exportCases(engine: NodeEngine, one: RcaCase): Promise<PeerCase> {
  const { baseline, incident } = one.windows;
  const before = (baseline.to ?? 0) - (baseline.from ?? 0);
  const inside = ({ from, to }: { from: number | null; to: number | null }) =>
    `(epoch_us(ts) >= ${String(from)} AND epoch_us(ts) < ${String(to)})`;
  const rows = await queryRows(
    engine,
    `SELECT series, any_value(service) AS service, list(t::DOUBLE ORDER BY t) AS t,
  list(value ORDER BY t) AS v
FROM (SELECT *, CASE WHEN ${inside(baseline)} THEN epoch_us(ts) - ${String(baseline.from)}
    ELSE epoch_us(ts) - ${String(incident.from)} + ${String(before)} END AS t FROM metrics)
WHERE (${inside(baseline)} OR ${inside(incident)}) AND isfinite(value)
GROUP BY series ORDER BY series`,
    { series: STRING, service: STRING_OR_NULL, t: "numbers", v: "numbers" },
  );
  return {
    case: `${one.set} ${one.name}`,
    inject: before / SECOND,
    series: rows.map(({ series, service, t, v }) => ({
      ...{ service: service ?? series, name: series, values: v },
      times: t.map((x) => x / SECOND),
    })),
    root: { service: one.service, metric: one.metric },
  };
}

/** Other people's rankers on the same cases, where a Python has them. */
export function runRcaPeers(cases: readonly PeerCase[]): {
  rankings: PeerRanking[];
  skipped: { name: string; reason: string }[];
} {
  const python = process.env[PYTHON] ?? "python3";
  const folder = mkdtempSync(join(tmpdir(), "inquest-rca-"));
  try {
    const input = join(folder, "cases.json");
    const output = join(folder, "rankings.json");
    writeFileSync(input, JSON.stringify(cases));
    const script = resolve("test/bench/peers/rca_rankers.py");
    const { status, stderr, error } = spawnSync(python, [script, input, output], {
      encoding: "utf8",
      timeout: LONGEST_MS,
      maxBuffer: 1 << 28,
    });
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
      return { rankings: [], skipped: [{ name: "BARO, N-sigma, RCD", reason }] };
    }
    const answer = JSON.parse(readFileSync(output, "utf8")) as {
      rankings: { ranker: string; case: string; series: number[] }[];
      skipped: { name: string; reason: string }[];
    };
    const rankings = answer.rankings.flatMap((r) => {
      const one = cases.find((c) => c.case === r.case);
      return one === undefined ? [] : [placed(r, one)];
    });
    return { rankings, skipped: answer.skipped };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param series indices into the case's series, the likeliest root cause first */
function placed(
  { ranker, series }: { ranker: string; series: number[] },
  one: PeerCase,
): PeerRanking {
  const ranked = series.flatMap((k) => one.series[k] ?? []);
  const services = [...new Set(ranked.map((s) => s.service))];
  const { service, metric } = one.root;
  return {
    ...{ ranker, case: one.case },
    service: placeOf(services, (s) => s === service),
    ...(metric === null
      ? {}
      : { metric: placeOf(ranked, (s) => s.service === service && s.name.includes(metric)) }),
  };
}
