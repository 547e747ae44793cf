import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WindowPair } from "../../../shared/analysis/windows.ts";
import { DAY, parseIso } from "../../../shared/base/time.ts";
import type { Window } from "../../../shared/model/window.ts";
import { parseCsv } from "../templates/log-sets.ts";
import type { InputFile } from "./import-tables.ts";

/** Two windows of real data, and which columns are known to have changed between them. */
export interface DriftCase {
  readonly set: string;
  readonly name: string;
  readonly files: readonly InputFile[];
  readonly windows: WindowPair;
  /** Columns that changed; none in a comparison of like with like. */
  readonly changed: readonly string[];
  /** Columns that moved as a consequence: neither right nor wrong to alarm on. */
  readonly follows: readonly string[];
}

/** A row of a `truth.tsv` by the names of its header. */
type TruthRow = Readonly<Record<string, string>>;

const TAXI = "B_ml_drift/gx_nyc_taxi";
const TWINS = "B_ml_drift/raha_dirty_clean";
const VEHICLE = "B_ml_drift/whylogs_rov";
const VERSIONS = "F_ml_incidents/llmdrift";

/** The sets with a truth per column: folder below the data, and how its cases are made. */
export const DRIFT_SETS: readonly { folder: string; cases: (folder: string) => DriftCase[] }[] = [
  { folder: TAXI, cases: (folder) => [...taxiMonths(folder), ...taxiHalves(folder)] },
  { folder: `${TWINS}/hospital`, cases: (folder) => twins(folder, "hospital") },
  { folder: `${TWINS}/flights`, cases: (folder) => twins(folder, "flights") },
  { folder: VEHICLE, cases: vehicleFaults },
  { folder: VERSIONS, cases: modelVersions },
];

/** One month of taxi rides against the next that there is. */
function taxiMonths(folder: string): DriftCase[] {
  const rows = readTruth(folder);
  const pairs = [...new Set(rows.map((r) => `${r["baseline_month"]} ${r["incident_month"]}`))];
  return pairs.map((pair) => {
    const [before = "", after = ""] = pair.split(" ");
    const mine = rows.filter(
      (r) => r["baseline_month"] === before && r["incident_month"] === after,
    );
    const changed = mine.flatMap((r) => (r["columns"] ?? "").split(","));
    const told = mine.flatMap((r) => namesIn(r["what (measured on these files)"] ?? ""));
    return {
      set: "taxi months",
      name: `${before} to ${after}`,
      files: [before, after].map((month) => taxiFile(folder, month)),
      windows: { baseline: monthWindow(before), incident: monthWindow(after) },
      changed,
      follows: told.filter((column) => !changed.includes(column)),
    };
  });
}

/** Two halves of a month by the parity of its days: the same process twice. */
function taxiHalves(folder: string): DriftCase[] {
  const months = new Set(
    readTruth(folder).flatMap((r) => [r["baseline_month"] ?? "", r["incident_month"] ?? ""]),
  );
  return [...months].map((month) => {
    const file = taxiFile(folder, month);
    const half = (text: string, k: number): string =>
      k === 0 ? "half" : Number(text.split(",")[1]?.slice(8, 10)) % 2 === 0 ? "even" : "odd";
    return {
      set: "taxi, halves of a month (control)",
      name: month,
      files: [{ ...file, content: withColumn(file.content, half) }],
      windows: { baseline: valueWindow("half", "odd"), incident: valueWindow("half", "even") },
      changed: [],
      follows: [],
    };
  });
}

function taxiFile(folder: string, month: string): { name: string; content: string } {
  const name = `yellow_tripdata_sample_${month}.csv`;
  return { name, content: readFileSync(join(folder, name), "utf8") };
}

/** A clean delivery of a table, then a dirty one; and the clean one's even against its odd rows. */
function twins(folder: string, set: string): DriftCase[] {
  const clean = readFileSync(join(folder, "clean.csv"), "utf8");
  const dirty = readFileSync(join(folder, "dirty.csv"), "utf8");
  const both =
    withColumn(clean, (_, k) => (k === 0 ? "delivery" : "first")) +
    withColumn(dirty, (_, k) => (k === 0 ? "delivery" : "second"), false);
  const parity = withColumn(clean, (_, k) => (k === 0 ? "delivery" : k % 2 ? "first" : "second"));
  const windows = {
    baseline: valueWindow("delivery", "first"),
    incident: valueWindow("delivery", "second"),
  };
  const changed = readTruth(folder).flatMap((r) =>
    Number(r["cells_changed"]) > 0 ? [r["column"] ?? ""] : [],
  );
  const named = { files: [{ name: `${set}.csv`, content: both }], windows, follows: [] };
  return [
    { set: `${set}, dirty and clean`, name: "clean to dirty", ...named, changed },
    {
      ...{ set: `${set}, halves of the clean rows (control)`, name: "odd to even", ...named },
      files: [{ name: `${set}.csv`, content: parity }],
      changed: [],
    },
  ];
}

/**
 * The drive before a sensor's fault against the seconds of the fault; and against
 * as many seconds of sound driving just before it.
 */
function vehicleFaults(folder: string): DriftCase[] {
  return readTruth(folder).flatMap((row) => {
    const name = row["file"] ?? "";
    const from = Number(row["fault_start_ms"]) * 1000;
    const to = Number(row["fault_end_ms"]) * 1000 + 1;
    const before = 2 * from - to;
    const file = { name: "telemetry.csv", content: readFileSync(join(folder, name), "utf8") };
    return [
      {
        ...{ set: "vehicle telemetry", name: `${name}: ${row["fault_type"] ?? ""}` },
        ...{ files: [file], follows: [], changed: [row["faulty_column"] ?? ""] },
        windows: { baseline: { from: null, to: from }, incident: { from, to } },
      },
      {
        ...{ set: "vehicle telemetry before the fault (control)", name, files: [file] },
        ...{ follows: [], changed: [] },
        windows: { baseline: { from: null, to: before }, incident: { from: before, to: from } },
      },
    ];
  });
}

/** One version of a language model against the next, on the same questions. */
function modelVersions(folder: string): DriftCase[] {
  return readTruth(folder).map((row) => {
    const name = row["file"] ?? "";
    const content = readFileSync(join(folder, name), "utf8");
    const column = row["split_on"] ?? "";
    const [before = "", short = ""] = (row["baseline->incident"] ?? "").split(" -> ");
    const stem = before.slice(0, before.lastIndexOf("-") + 1);
    const after = short.includes("-") ? short : stem + short;
    const [header = [], ...records] = parseCsv(content);
    const values = new Set(records.map((r) => r[header.indexOf(column)] ?? ""));
    const full = (version: string) => [...values].find((v) => v.endsWith(version)) ?? version;
    return {
      set: "LLMDrift versions",
      name: `${name}: ${before} to ${after}`,
      files: [{ name, content }],
      windows: {
        baseline: valueWindow(column, full(before)),
        incident: valueWindow(column, full(after)),
      },
      changed: [
        row["metric"] ?? "",
        ...namesIn(row["measured"] ?? "").filter((n) => header.includes(n)),
      ],
      follows: [],
    };
  });
}

export function readTruth(folder: string, name = "truth.tsv"): TruthRow[] {
  const [header = "", ...lines] = readFileSync(join(folder, name), "utf8").trim().split(/\r?\n/);
  const names = header.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(names.map((n, k) => [n, cells[k] ?? ""]));
  });
}

/** Words with an underscore: columns that a text speaks of. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/[a-z]+(?:_[a-z]+)+/g)].map(([word]) => word);
}

export function monthWindow(month: string): Window {
  const from = parseIso(`${month}-01T00:00:00Z`) ?? 0;
  const [year = 0, number = 1] = month.split("-").map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { from, to: from + days * DAY };
}

function valueWindow(column: string, value: string): Window {
  return { from: null, to: null, filter: { column, values: [value] } };
}

/**
 * A CSV with one more column at the end of each line, the header's among them.
 * Only for files without line breaks in a cell.
 */
export function withColumn(
  csv: string,
  cell: (line: string, index: number) => string,
  keepHeader = true,
): string {
  const lines = csv
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  if (parseCsv(csv).length !== lines.length) throw new Error("a cell of the CSV breaks lines");
  return lines
    .map((line, k) => `${line},${cell(line, k)}\n`)
    .slice(keepHeader ? 0 : 1)
    .join("");
}
