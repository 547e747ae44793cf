import { measureApart, serveMeasure, type Measured } from "./compare/measure.ts";
import { runPeers, type PeerRun } from "./compare/peers.ts";
import { measureInWindow, type WindowMeasured } from "./compare/window.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
  peer?: string;
  peerValue?: number;
  ratio?: number;
}
interface BenchResult {
  rows: BenchRow[];
  summary: {
    rows: number;
    columns: number;
    seconds: number;
    peakMiB: number;
    peerRows: number;
    /** How many times as long Evidently takes; null where it did not run. */
    evidentlyRatio: number | null;
    ratios: Record<string, number>;
    growth: {
      rows: number;
      seconds: number;
      microsecondsPerRow: number;
      tableMiB: number;
      peakMiB: number;
    }[];
    /** In the real window, the table in a file; empty where there is no /proc. */
    inWindow: WindowMeasured[];
    peers: PeerRun[];
  };
  skipped: { name: string; reason: string }[];
}

/** Rows of the smallest table; smaller while one works on the benchmark. */
const ROWS = Number(process.env["INQUEST_BENCH_ROWS"] ?? 1_000_000);
/** Rows that the peers get; at a million, Evidently's default report takes a quarter of an hour. */
const PEER_ROWS = Number(process.env["INQUEST_PEERS_ROWS"] ?? ROWS);
const RUNS = 3;
const MIB = 2 ** 20;

/**
 * Time to compare 40 columns (30 doubles of which a few moved, 8 texts, 2
 * booleans) between two halves, in DuckDB-wasm in Node, and its growth from 1 to
 * 5 million rows. The wasm build and the typed arrays are the same as in the
 * window; the database is in memory and not compressed, so that the peak holds
 * all of the table (in the window it is a file behind a buffer). Peers in Python
 * run on the same rows and columns, where Python has them. The data is made
 * here: nothing is read from the data folder. The same in the real window, where
 * the table is a file, with the memory of all processes together.
 */
export default async function run(): Promise<BenchResult> {
  const measured: Measured[] = [];
  const skipped: BenchResult["skipped"] = [];
  for (const times of [1, 2, 4, 5]) {
    const rows = times * ROWS;
    process.stderr.write(`${String(rows)} rows…\n`);
    try {
      const one = await measureApart(import.meta.url, rows, times === 1 ? RUNS : 1);
      const peak = `${String(Math.round(one.peakBytes / MIB))} MiB at most`;
      process.stderr.write(`  ${middle(one.seconds).toFixed(1)} s, ${peak}\n`);
      measured.push(one);
    } catch (thrown) {
      if (times === 1) throw thrown;
      skipped.push({ name: `${label(rows)} x 40 columns`, reason: messageOf(thrown) });
    }
  }
  const inWindow: WindowMeasured[] = [];
  for (const times of process.platform === "linux" ? [1, 5] : []) {
    process.stderr.write(`${String(times * ROWS)} rows in the window…\n`);
    inWindow.push(await measureInWindow(times * ROWS));
  }
  const peers = await runPeers(PEER_ROWS);
  const beside =
    measured.find(({ rows }) => rows === PEER_ROWS) ??
    (await measureApart(import.meta.url, PEER_ROWS, RUNS));
  const ratios = Object.fromEntries(
    peers.runs.map((p) => [p.name, p.seconds / middle(beside.seconds)]),
  );
  return {
    rows: [
      ...measured.flatMap(rowsOf),
      ...inWindow.flatMap(rowsOfWindow),
      ...peers.runs.flatMap((peer) => rowsBesidePeer(peer, beside)),
    ],
    summary: {
      rows: ROWS,
      columns: 40,
      seconds: middle(measured[0]?.seconds ?? []),
      peakMiB: (measured[0]?.peakBytes ?? NaN) / MIB,
      peerRows: PEER_ROWS,
      evidentlyRatio: ratios["Evidently"] ?? null,
      ratios,
      growth: measured.map(({ rows, seconds, tableBytes, peakBytes }) => ({
        rows,
        seconds: middle(seconds),
        microsecondsPerRow: (middle(seconds) / rows) * 1e6,
        tableMiB: tableBytes / MIB,
        peakMiB: peakBytes / MIB,
      })),
      inWindow,
      peers: peers.runs,
    },
    skipped: [...skipped, ...peers.skipped],
  };
}

function rowsOf({ rows, seconds, tableBytes, peakBytes }: Measured): BenchRow[] {
  const name = `compare ${label(rows)} x 40 columns`;
  const one = (what: string, value: number, unit: string): BenchRow => ({
    ...{ name: `${name}: ${what}`, value, unit, runs: [value] },
  });
  return [
    { name, value: middle(seconds), unit: "s", runs: seconds },
    one("peak memory of the process", peakBytes / MIB, "MiB"),
    one("of which before comparing (the table, DuckDB, Node)", tableBytes / MIB, "MiB"),
  ];
}

function rowsOfWindow({ rows, seconds, idleBytes, peakBytes }: WindowMeasured): BenchRow[] {
  const name = `compare ${label(rows)} x 40 columns in the window`;
  return [
    { name, value: seconds, unit: "s", runs: [seconds] },
    ...[
      ["peak memory of all processes", peakBytes] as const,
      ["of which before the case was opened", idleBytes] as const,
    ].map(([what, bytes]) => ({
      ...{ name: `${name}: ${what}`, value: bytes / MIB, unit: "MiB", runs: [bytes / MIB] },
    })),
  ];
}

/** Ratio: how many times as long, or as much memory, the peer takes. */
function rowsBesidePeer(peer: PeerRun, own: Measured): BenchRow[] {
  const name = `compare ${label(own.rows)} x 40 columns`;
  const beside = (what: string, unit: string, value: number, peerValue: number): BenchRow => ({
    ...{ name: `${name}, ${what}`, value, unit, runs: [value] },
    ...{ peer: `${peer.name} ${peer.version}`, peerValue, ratio: peerValue / value },
  });
  return [
    beside("time", "s", middle(own.seconds), peer.seconds),
    beside("peak memory", "MiB", own.peakBytes / MIB, peer.peakBytes / MIB),
  ];
}

function label(rows: number): string {
  return rows >= 1e6 ? `${String(rows / 1e6)}M` : String(rows);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

await serveMeasure();
