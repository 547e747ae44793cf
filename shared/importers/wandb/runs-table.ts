import type { ImportOptions } from "../../model/evidence.ts";
import type { ColumnType, Role } from "../../model/role.ts";
import { serviceOfLabels } from "../series-key.ts";
import type { Sink, Source } from "../importer.ts";
import { Instants } from "../json-fields.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { column, numberOf, typeOfSettings, type ColumnSpec } from "../training-runs/own-table.ts";
import { csvRecords, type CsvRecord } from "./csv.ts";
import type { WandbWriter } from "./tables.ts";

/**
 * The CSV of a project's table of runs
 * (https://docs.wandb.ai/guides/app/pages/project-page/):
 * `"Name","State","Notes","User","Tags","Created","Runtime","Sweep",…` and then
 * settings and metrics.
 */
export function isRunsTable(fields: readonly string[]): boolean {
  const has = (name: string): boolean => fields.includes(name);
  return (
    has("Name") && has("State") && has("Created") && has("Runtime") && (has("User") || has("Notes"))
  );
}

/** Columns by the first records. */
export function runsTableColumns(
  header: readonly string[],
  sample: readonly CsvRecord[],
): ColumnSpec[] {
  return keysOf(header).map((key, i) => {
    const cells = sample.map((r) => r.fields?.[i] ?? "").filter((c) => c !== "");
    const known = KNOWN.get(header[i] ?? "");
    if (known !== undefined) return column(key, ...known);
    const type = typeOfSettings(cells.filter((c) => !WORDS.has(c)));
    return column(key, type, "feature", "a column of the table of runs");
  });
}

const KNOWN = new Map<string, readonly [ColumnType, Role]>([
  ["Created", ["timestamp", "timestamp"]],
  ["ID", ["varchar", "entity"]],
  ["State", ["varchar", "segment"]],
  ["User", ["varchar", "segment"]],
  ["Sweep", ["varchar", "segment"]],
  ["Name", ["varchar", "feature"]],
  ["Notes", ["varchar", "feature"]],
  ["Tags", ["varchar", "feature"]],
]);
const WORDS = new Set(["NaN", "Infinity", "-Infinity"]);

/** Names of the columns; one that occurs again gets a number. */
function keysOf(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((name) => {
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? name : `${name}_${n}`;
  });
}

/** Reads the rows: each is a run, and an event at its creation and, by its runtime, at its end. */
export async function readRunsTable(
  source: Source,
  options: ImportOptions,
  writer: WandbWriter,
  sink: Sink,
): Promise<void> {
  const instants = new Instants(options.timezone);
  let keys: string[] | null = null;
  for await (const record of csvRecords(source)) {
    checkCancelled(sink.signal, source.name);
    const { fields } = record;
    if (fields === null) {
      sink.reject(record.line, record.offset, record.reason, record.text());
      continue;
    }
    if (keys === null) {
      keys = keysOf(fields);
      continue;
    }
    if (fields.length !== keys.length) {
      const reason = `has ${fields.length} fields, the header has ${keys.length}`;
      sink.reject(record.line, record.offset, reason, record.text());
      continue;
    }
    const cells = new Map<string, unknown>();
    keys.forEach((key, i) => {
      if (fields[i] !== "") cells.set(key, fields[i]);
    });
    const created = instants.read(cells.get("Created"));
    if (created !== null) cells.set("Created", created);
    writer.run(cells, record);
    writeEvents(cells, created, writer, record);
    sink.accepted(1);
    await writer.deliver();
  }
}

function writeEvents(
  cells: ReadonlyMap<string, unknown>,
  created: number | null,
  writer: WandbWriter,
  at: CsvRecord,
): void {
  if (created === null) return;
  const text = (key: string): string | null => {
    const value = cells.get(key);
    return typeof value === "string" ? value : null;
  };
  const name = text("Name") ?? text("ID") ?? "of W&B";
  const state = text("State");
  const common = {
    kind: "training run",
    service: serviceOfLabels(Object.fromEntries(cells)),
    detail: text("Notes"),
    fields: {
      run_id: text("ID"),
      run_name: text("Name"),
      state,
      user: text("User"),
      tags: text("Tags"),
      sweep: text("Sweep"),
    },
  };
  writer.event({ ...common, ts: created, title: `training run ${name} started` }, at);
  const runtime = numberOf(cells.get("Runtime"));
  // Runtime is the time at work: the end is known only where it was not interrupted.
  if (runtime === null || runtime <= 0 || state === null || !ENDED.has(state)) return;
  writer.event(
    { ...common, ts: created + Math.round(runtime * 1e6), title: `training run ${name} ${state}` },
    at,
  );
}

const ENDED = new Set(["finished", "failed", "crashed", "killed"]);
