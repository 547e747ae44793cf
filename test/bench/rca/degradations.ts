import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareAll } from "../../../shared/analysis/compare-all.ts";
import { rankSuspects } from "../../../shared/analysis/rank-suspects.ts";
import type { WindowPair } from "../../../shared/analysis/windows.ts";
import { DAY, parseIso } from "../../../shared/base/time.ts";
import { createNodeEngine } from "../../support/node-engine.ts";
import { parseCsv } from "../templates/log-sets.ts";
import { monthWindow, readTruth } from "../truth/drift-cases.ts";
import { importTables, type InputFile } from "../truth/import-tables.ts";
import { placeOf } from "./accuracy.ts";

/** Model data that degraded: which column is at fault, and since when. */
export interface Degradation {
  readonly name: string;
  readonly files: readonly InputFile[];
  /** The incident begins before the onset, as where a person marks too much. */
  readonly windows: WindowPair;
  /** The true columns, each with its onset, µs UTC; null where it has none (a single wrong row). */
  readonly onsets: ReadonlyMap<string, number | null>;
}

export interface DegradationResult {
  readonly name: string;
  /** 0-based place of the first true column among the suspects. */
  readonly place: number | null;
  /** Told onset less the true one, as a share of the incident's length; null where none was told, or there is none. */
  readonly error: number | null;
  /** Whether the true onset is in the told interval. */
  readonly isInside: boolean | null;
}

/** Sets with a known column and time: folder below the data, and how its cases are made. */
export const DEGRADATION_SETS: readonly {
  readonly folder: string;
  readonly cases: (folder: string) => Degradation[];
}[] = [
  { folder: "B_ml_drift/whylogs_rov", cases: sensorFaults },
  { folder: "B_ml_drift/gx_nyc_taxi", cases: taxiMonths },
];

/** The incident is taken to begin a fault's length before the fault. */
function sensorFaults(folder: string): Degradation[] {
  return readTruth(folder).map((row) => {
    const [onset, end] = [Number(row["fault_start_ms"]), Number(row["fault_end_ms"])];
    const from = (2 * onset - end) * 1000;
    const content = readFileSync(join(folder, row["file"] ?? ""), "utf8");
    return {
      name: `sensor, ${row["fault_type"] ?? ""}`,
      files: [{ name: "telemetry.csv", content }],
      windows: { baseline: { from: null, to: from }, incident: { from, to: end * 1000 + 1 } },
      onsets: new Map([[row["faulty_column"] ?? "", onset * 1000]]),
    };
  });
}

/** Two months one after the other; the incident is taken to begin twenty days before the second. */
function taxiMonths(folder: string): Degradation[] {
  const rows = readTruth(folder);
  const pairs = [...new Set(rows.map((r) => `${r["baseline_month"]} ${r["incident_month"]}`))];
  return pairs.map((pair) => {
    const [before = "", after = ""] = pair.split(" ");
    const mine = rows.filter((r) => `${r["baseline_month"]} ${r["incident_month"]}` === pair);
    const [first, second] = [monthWindow(before), monthWindow(after)];
    const from = (second.from ?? 0) - 20 * DAY;
    const files = [before, after].map((month) => {
      const name = `yellow_tripdata_sample_${month}.csv`;
      return { name, content: readFileSync(join(folder, name), "utf8") };
    });
    const columns = mine.flatMap((r) => (r["columns"] ?? "").split(","));
    return {
      ...{ name: `taxi, ${before} to ${after}`, files },
      windows: { baseline: { from: first.from, to: from }, incident: { from, to: second.to } },
      onsets: new Map(columns.map((column) => [column, splitDay(files, column)])),
    };
  });
}

/** From this difference of shares on there is an onset at all. */
const LEAST_SPLIT = 0.02;

/**
 * The day that splits a column best, by brute force over the days: by the shares of
 * missing values and of zeros before and after it. The truth names the month only.
 */
function splitDay(files: readonly InputFile[], column: string): number | null {
  const days = new Map<number, [rows: number, missing: number, zeros: number]>();
  for (const { content } of files) {
    const [header = [], ...rows] = parseCsv(String(content));
    const at = header.findIndex((name) => /pickup.*time/u.test(name));
    const place = header.indexOf(column);
    for (const row of rows) {
      const time = parseIso((row[at] ?? "").replace(" ", "T") + "Z");
      if (time === null) continue;
      const day = Math.floor(time / DAY);
      const [n, missing, zeros] = days.get(day) ?? [0, 0, 0];
      const text = row[place] ?? "";
      const isZero = text !== "" && Number(text) === 0;
      days.set(day, [n + 1, missing + Number(text === ""), zeros + Number(isZero)]);
    }
  }
  const ordered = [...days].sort(([a], [b]) => a - b);
  const shares = (part: typeof ordered): [number, number] => {
    const rows = part.reduce((sum, [, [n]]) => sum + n, 0) || 1;
    const of = (k: 1 | 2) => part.reduce((sum, [, counts]) => sum + counts[k], 0) / rows;
    return [of(1), of(2)];
  };
  const splits = ordered.map(([day], k) => {
    const [before, after] = [shares(ordered.slice(0, k)), shares(ordered.slice(k))];
    const apart = Math.max(Math.abs(before[0] - after[0]), Math.abs(before[1] - after[1]));
    // Of two splits as far apart, the one in the middle is no accident of a few rows.
    return { day, size: apart * Math.sqrt(k * (ordered.length - k)), apart };
  });
  const best = splits.reduce((a, b) => (b.size > a.size ? b : a), splits[0] ?? NOWHERE);
  return best.apart < LEAST_SPLIT ? null : best.day * DAY;
}

const NOWHERE = { day: 0, size: 0, apart: 0 };

/** The true column among the suspects, and its onset, through the product's own import and ranking. */
export async function degradationOf(one: Degradation): Promise<DegradationResult> {
  const { name, files, windows, onsets } = one;
  const engine = await createNodeEngine();
  try {
    const tables = await importTables(engine, files);
    const comparison = await compareAll(engine, tables, windows);
    const suspects = await rankSuspects(engine, {
      ...{ comparison, tables, windows, symptom: null, dependencies: [] },
    });
    const place = placeOf(suspects, (s) => onsets.has(s.name));
    const first = place === null ? undefined : suspects[place];
    const told = first?.onset ?? null;
    const onset = onsets.get(first?.name ?? "") ?? null;
    const isKnown = told !== null && onset !== null;
    const length = (windows.incident.to ?? 0) - (windows.incident.from ?? 0);
    return {
      ...{ name, place },
      error: !isKnown ? null : (told.at - onset) / length,
      isInside: !isKnown ? null : told.from <= onset && onset <= told.to,
    };
  } finally {
    await engine.close();
  }
}
