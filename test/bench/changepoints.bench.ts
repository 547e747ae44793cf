import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { detectChangepoints, type SeriesChange } from "../../shared/analysis/changepoints/index.ts";
import { openData } from "../support/open-data.ts";
import {
  readAnnotatedSeries,
  readWindowedSeries,
  type AnnotatedSeries,
  type WindowedSeries,
} from "./changepoints/annotated-series.ts";
import { coveringOf, f1Of } from "./changepoints/annotation-scores.ts";
import {
  PUBLISHED_METHODS,
  publishedScores,
  type Scores,
} from "./changepoints/published-scores.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
  peer?: string;
  peerValue?: number;
}
interface SeriesScore {
  name: string;
  length: number;
  found: Record<Method, readonly number[]>;
  scores: Record<Method | "zero", Scores>;
  published: ReturnType<typeof publishedScores>;
}
interface WindowScore {
  name: string;
  method: Method;
  windows: number;
  /** Windows with a change in them. */
  hit: number;
  /** Changes in no window, and how many days the windows leave out. */
  outside: number;
  days: number;
  ms: number;
}
interface BenchResult {
  rows: BenchRow[];
  summary: { annotated: SeriesScore[]; windowed: WindowScore[] };
  skipped: { name: string; reason: string }[];
}

type Method = "segmentation" | "online";
const METHODS: readonly Method[] = ["segmentation", "online"];

/**
 * Changepoints against what people saw. On the Turing Change Point Dataset:
 * covering and F1 as it defines them, by series and on average, beside no changepoint at
 * all (`zero`) and the published default settings of other methods on the same
 * series. On the Numenta Anomaly Benchmark: labelled windows with a change in
 * them, and changes outside them; its labels are anomalies, among them spikes that
 * are no change, and changes of use that nobody labelled. One configuration
 * everywhere.
 */
export default function run({ dataDir }: { dataDir: string | null }): BenchResult {
  const skipped: BenchResult["skipped"] = [];
  const folderOf = (relative: string, marker: string): string | null => {
    const folder = findFolder(dataDir, relative, marker);
    if (folder === null) skipped.push({ name: relative, reason: "the data set is not there" });
    return folder;
  };
  const turing = folderOf("A_metric_rca/tcpd_changepoints", "annotations.json");
  const numenta = folderOf("A_metric_rca/nab", "windows.json");
  const annotated = turing === null ? [] : readAnnotatedSeries(turing).map(scoreAnnotated);
  const windowed = (numenta === null ? [] : readWindowedSeries(numenta)).flatMap((series) =>
    METHODS.map((method) => scoreWindowed(series, method)),
  );
  printAnnotated(annotated);
  printWindowed(windowed);
  return {
    rows: [...rowsOfAnnotated(annotated), ...rowsOfWindowed(windowed)],
    summary: { annotated, windowed },
    skipped,
  };
}

/** Below `--data`, that folder itself, or where the data lies beside the repository. */
function findFolder(dataDir: string | null, relative: string, marker: string): string | null {
  if (dataDir === null) return openData(relative);
  const paths = [join(dataDir, "open", relative), join(dataDir, relative), dataDir];
  return paths.find((path) => existsSync(join(path, marker))) ?? null;
}

function scoreAnnotated({ name, times, values, annotations }: AnnotatedSeries): SeriesScore {
  const found = (method: Method): number[] =>
    detectChangepoints(times, values, { method }).changepoints.map((c) => c.index);
  const places = { segmentation: found("segmentation"), online: found("online") };
  const scored = (predicted: readonly number[]): Scores => [
    coveringOf(annotations, predicted, values.length),
    f1Of(annotations, predicted),
  ];
  return {
    name,
    length: values.length,
    found: places,
    scores: {
      segmentation: scored(places.segmentation),
      online: scored(places.online),
      zero: scored([]),
    },
    published: publishedScores(name),
  };
}

function scoreWindowed(
  { name, times, values, windows }: WindowedSeries,
  method: Method,
): WindowScore {
  const started = performance.now();
  const { changepoints } = detectChangepoints(times, values, { method });
  const ms = performance.now() - started;
  const isIn = (change: SeriesChange, window: { from: number; to: number }): boolean =>
    change.time >= window.from && change.time <= window.to;
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const inside = windows.reduce((sum, w) => sum + w.to - w.from, 0);
  return {
    name,
    method,
    windows: windows.length,
    hit: windows.filter((w) => changepoints.some((c) => isIn(c, w))).length,
    outside: changepoints.filter((c) => !windows.some((w) => isIn(c, w))).length,
    days: (span - inside) / 86_400e6,
    ms,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

const MEASURES = ["covering", "F1, margin 5"] as const;

/** Averages, over those series that the published figures cover. */
function rowsOfAnnotated(all: readonly SeriesScore[]): BenchRow[] {
  const known = all.filter((s) => s.published !== null);
  if (known.length === 0) return [];
  const published = MEASURES.map((_, k) =>
    PUBLISHED_METHODS.filter((m) => m !== "zero")
      .map((method) => ({ method, value: mean(known.map((s) => s.published?.[method][k] ?? 0)) }))
      .reduce((a, b) => (b.value > a.value ? b : a)),
  );
  return ([...METHODS, "zero"] as const).flatMap((method) =>
    MEASURES.map((measure, k) => ({
      ...row(`${method}, ${measure}`, mean(known.map((s) => s.scores[method][k] ?? 0)), "score"),
      peer: `best published: ${published[k]?.method ?? ""}`,
      peerValue: published[k]?.value ?? 0,
    })),
  );
}

function rowsOfWindowed(all: readonly WindowScore[]): BenchRow[] {
  return METHODS.flatMap((method) => {
    const own = all.filter((s) => s.method === method);
    if (own.length === 0) return [];
    const sum = (of: (score: WindowScore) => number): number =>
      own.reduce((total, s) => total + of(s), 0);
    return [
      row(`${method}, labelled windows hit`, sum((s) => s.hit) / sum((s) => s.windows), "share"),
      row(
        `${method}, changes outside windows`,
        sum((s) => s.outside) / sum((s) => s.days),
        "per day",
      ),
      row(`${method}, slowest series`, Math.max(...own.map((s) => s.ms)), "ms"),
    ];
  });
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, runs: [value] };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function printAnnotated(all: readonly SeriesScore[]): void {
  const names = [...METHODS, ...PUBLISHED_METHODS];
  say("\nCovering / F1 by series; amoc to zero as published, zero checked against the own one");
  say(`${"".padEnd(22)}${names.map((m) => m.padStart(14)).join("")}`);
  for (const one of all) {
    const cells = names.map((name) => {
      const isOwn = name === "segmentation" || name === "online";
      const scores = isOwn ? one.scores[name] : one.published?.[name];
      return scores === undefined ? "-" : scores.map((v) => v.toFixed(3)).join(" / ");
    });
    say(`${one.name.padEnd(22)}${cells.map((c) => c.padStart(14)).join("")}`);
    const [covering, f1] = one.scores.zero;
    const [known, knownF1] = one.published?.zero ?? one.scores.zero;
    if (Math.abs(covering - known) > 6e-4 || Math.abs(f1 - knownF1) > 6e-4)
      say(`  zero differs from the published: ${covering.toFixed(3)} / ${f1.toFixed(3)}`);
    say(`  found ${METHODS.map((m) => `${m} ${one.found[m].join(" ") || "none"}`).join("; ")}`);
  }
  const known = all.filter((s) => s.published !== null);
  const average = names.map((name) =>
    MEASURES.map((_, k) => {
      const isOwn = name === "segmentation" || name === "online";
      const scores = known.map((s) => (isOwn ? s.scores[name][k] : s.published?.[name][k]) ?? 0);
      return mean(scores).toFixed(3);
    }).join(" / "),
  );
  say(
    `${`mean of ${String(known.length)}`.padEnd(22)}${average.map((c) => c.padStart(14)).join("")}`,
  );
}

function printWindowed(all: readonly WindowScore[]): void {
  if (all.length > 0) say("\nLabelled windows hit, changes outside them, time");
  for (const s of all) {
    const outside = `${String(s.outside)} outside in ${s.days.toFixed(1)} days`;
    say(
      `${s.name.padEnd(40)}${s.method.padEnd(14)}${String(s.hit)} of ${String(s.windows)}, ${outside}, ${s.ms.toFixed(0)} ms`,
    );
  }
}
