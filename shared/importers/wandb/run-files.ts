import type { Position } from "../fixed-tables-writer.ts";
import { objectOf, textOf, without, type Instants, type JsonObject } from "../json-fields.ts";
import { typeOfSettings, type ColumnSpec } from "../training-runs/own-table.ts";
import { epochMicros } from "../training-runs/times.ts";
import { leaves } from "./history.ts";
import { RUN_COLUMNS, settingColumn, type WandbWriter } from "./tables.ts";

/** What the small files of a run say; null where a file is missing. */
export interface RunFiles {
  /** `config.yaml`. */
  readonly config: JsonObject | null;
  /** `wandb-summary.json`. */
  readonly summary: JsonObject | null;
  /** `wandb-metadata.json`. */
  readonly metadata: JsonObject | null;
}

/** Columns of a run with these settings and this summary. */
export function runColumns(files: RunFiles): ColumnSpec[] {
  const cells = [...settingCells(files)];
  return [
    ...RUN_COLUMNS,
    ...cells.map(([key, value]) =>
      settingColumn(
        key,
        typeof value === "object" && value !== null ? "varchar" : typeOf(value),
        key.startsWith("config.") ? "a setting of the run" : "a value of the run's summary",
      ),
    ),
  ];
}

function typeOf(value: unknown): ColumnSpec["type"] {
  // A text in a configuration was a text: only bare numbers are numbers.
  return typeof value === "string"
    ? NON_FINITE.has(value)
      ? "double"
      : "varchar"
    : typeOfSettings([value]);
}
const NON_FINITE = new Set(["NaN", "Infinity", "-Infinity"]);

/** Writes the run as one row, and its start and end as events. */
export function writeRun(
  files: RunFiles,
  runId: string | null,
  writer: WandbWriter,
  instants: Instants,
  at: Position,
): void {
  const metadata = files.metadata ?? {};
  const git = objectOf(metadata["git"]) ?? {};
  const started = instants.read(metadata["startedAt"]);
  const beat = instants.read(metadata["heartbeatAt"]);
  const state = textOf(metadata["state"]);
  const summary = files.summary ?? {};
  const runtime = summary["_runtime"] ?? objectOf(summary["_wandb"])?.["runtime"];
  const last = epochMicros(summary["_timestamp"]);
  const left = {
    ...without(metadata, METADATA_KEYS),
    ...(started === null ? { startedAt: metadata["startedAt"] } : {}),
    ...(last === null ? { _timestamp: summary["_timestamp"] } : {}),
    git: without(git, GIT_KEYS),
    _wandb: { config: files.config?.["_wandb"], summary: summary["_wandb"] },
  };
  writer.run(
    [
      ["run_id", runId],
      ["state", state],
      ["started_at", started],
      ["last_time", last],
      ["runtime", runtime],
      ["last_step", summary["_step"]],
      ["program", metadata["program"] ?? metadata["codePath"]],
      ["host", metadata["host"]],
      ["username", metadata["username"]],
      ["git_commit", git["commit"]],
      ["git_remote", git["remote"] ?? git["remote_url"]],
      ["python", metadata["python"]],
      ...settingCells(files),
      ["fields", withoutNothing(left)],
    ],
    at,
  );
  const name = runId ?? textOf(metadata["program"]) ?? "of W&B";
  const common = {
    kind: "training run",
    detail: textOf(metadata["program"]),
    fields: {
      run_id: runId,
      host: metadata["host"],
      username: metadata["username"],
      args: metadata["args"],
      commit: git["commit"],
      state,
    },
  };
  if (started !== null)
    writer.event({ ...common, ts: started, title: `training run ${name} started` }, at);
  if (beat !== null && state !== null && state !== "running")
    writer.event({ ...common, ts: beat, title: `training run ${name} ${state}` }, at);
}

/** `config.*` and `summary.*`. */
function* settingCells(files: RunFiles): Generator<readonly [string, unknown]> {
  for (const [key, of] of Object.entries(files.config ?? {})) {
    if (key === "wandb_version" || key === "_wandb") continue;
    // W&B writes each setting as { desc, value }.
    const wrapped = objectOf(of);
    const value = wrapped !== null && "value" in wrapped ? wrapped["value"] : of;
    yield* leaves({ [key]: value }, "config.");
  }
  for (const [key, value] of leaves(files.summary ?? {}, "summary.")) {
    if (!SUMMARY_KEYS.test(key)) yield [key, value];
  }
}

const SUMMARY_KEYS = /^summary\._(?:step|timestamp|runtime|wandb(?:\..*)?)$/;
const METADATA_KEYS = new Set("startedAt state host username program git python".split(" "));
const GIT_KEYS = new Set(["commit", "remote", "remote_url"]);

/** Without keys that hold nothing. */
function withoutNothing(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const filled = Object.entries(object).flatMap(([key, value]) => {
    const inner = objectOf(value);
    const of = inner === null ? value : withoutNothing(inner);
    const nothing =
      of === null ||
      of === undefined ||
      (Array.isArray(of) && of.length === 0) ||
      (inner !== null && Object.keys(of).length === 0);
    return nothing ? [] : [[key, of] as const];
  });
  return Object.fromEntries(filled);
}
