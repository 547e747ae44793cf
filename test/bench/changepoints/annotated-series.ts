import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Annotations } from "./annotation-scores.ts";

/** A series of the Turing Change Point Dataset, with the changepoints that people saw. */
export interface AnnotatedSeries {
  readonly name: string;
  /** µs UTC; seconds by number where the series has no dates. */
  readonly times: readonly number[];
  /** One row for each time, with a value for each column; NaN where it is missing. */
  readonly values: readonly (readonly number[])[];
  readonly annotations: Annotations;
}

// The format that the dataset's schema.json describes, as far as it is read here.
const Series = z.object({
  name: z.string(),
  n_obs: z.number(),
  time: z.object({ format: z.string().optional(), raw: z.array(z.unknown()).optional() }),
  series: z.array(z.object({ raw: z.array(z.number().nullable()) })),
});
const AnnotationFile = z.record(z.string(), z.record(z.string(), z.array(z.number())));

/** All series of a folder that holds `annotations.json` and `NAME.json` for each, by name. */
export function readAnnotatedSeries(folder: string): AnnotatedSeries[] {
  const all = AnnotationFile.parse(readJson(join(folder, "annotations.json")));
  return Object.entries(all)
    .filter(([name]) => existsSync(join(folder, `${name}.json`)))
    .map(([name, annotations]) => {
      const { time, series, n_obs } = Series.parse(readJson(join(folder, `${name}.json`)));
      const rows = Array.from({ length: n_obs }, (_, i) => series.map((s) => s.raw[i] ?? NaN));
      return { name, times: timesOf(time.raw, n_obs), values: rows, annotations };
    });
}

/** Years, months, days and seconds as ISO texts, or numbers; else the number of the point. */
function timesOf(raw: readonly unknown[] | undefined, length: number): number[] {
  const read = (raw ?? []).map((t) => Date.parse(`${String(t).replace(" ", "T")}${zoneOf(t)}`));
  const isRising = read.every((t, i) => Number.isFinite(t) && t > (read[i - 1] ?? -Infinity));
  const known = read.length === length && isRising;
  return Array.from({ length }, (_, i) => (known ? (read[i] ?? 0) * 1000 : i * 1e6));
}

const zoneOf = (time: unknown): string => (String(time).includes(":") ? "Z" : "");

/** A series of the Numenta Anomaly Benchmark, with the windows around its anomalies, in µs UTC. */
export interface WindowedSeries {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly windows: readonly { readonly from: number; readonly to: number }[];
}

const WindowFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** All series of a folder that holds `windows.json` (the benchmark's combined_windows.json). */
export function readWindowedSeries(folder: string): WindowedSeries[] {
  const all = WindowFile.parse(readJson(join(folder, "windows.json")));
  const known = new Set(
    readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll("\\", "/")),
  );
  return Object.entries(all)
    .filter(([path]) => known.has(path))
    .map(([path, windows]) => {
      const lines = readFileSync(join(folder, path), "utf8").trim().split("\n").slice(1);
      const rows = lines.map((line) => line.split(","));
      return {
        name: path.replace(/^.*\/|\.csv$/g, ""),
        times: rows.map(([time = ""]) => microseconds(time)),
        values: rows.map(([, value = ""]) => Number(value)),
        windows: windows.map(([from, to]) => ({ from: microseconds(from), to: microseconds(to) })),
      };
    });
}

function microseconds(time: string): number {
  return Date.parse(`${time.replace(" ", "T").slice(0, 19)}Z`) * 1000;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
