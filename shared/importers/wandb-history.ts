import { err, ok } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import type { Importer, ImportPlan, Sink, Source } from "./importer.ts";
import { elementsOf, parseJson } from "./json-elements.ts";
import { Instants, objectOf, type JsonObject } from "./json-fields.ts";
import { describeBinary } from "./text.ts";
import { parseYaml, readSmallFile } from "./training-runs/small-file.ts";
import { epochMicros } from "./training-runs/times.ts";
import { zoneNotes } from "./wandb-run.ts";
import { readChart, readChartHeader, wallTime, type ChartHeader } from "./wandb/chart.ts";
import { csvRecordsOf } from "./wandb/csv.ts";
import { readHistory } from "./wandb/history.ts";
import { runColumns, writeRun, type RunFiles } from "./wandb/run-files.ts";
import { isRunsTable, readRunsTable, runsTableColumns } from "./wandb/runs-table.ts";
import { planPoints, planRuns, WandbWriter, type WandbTables } from "./wandb/tables.ts";

const HEAD = 1024 * 1024;
/** What a file is follows from at most this much of JSON. */
const SEEN = 256 * 1024;

/** What a single file of W&B can be. */
type Shape =
  | { readonly is: "history"; readonly timed: boolean }
  | { readonly is: "chart"; readonly header: ChartHeader }
  | { readonly is: "runs" }
  | { readonly is: "small"; readonly file: keyof RunFiles };

/**
 * Single files of W&B: a history or the system metrics as JSON lines, the CSV
 * of a chart or of the table of runs, and `config.yaml`,
 * `wandb-summary.json` or `wandb-metadata.json` by themselves.
 */
export const wandbHistoryImporter: Importer = {
  id: "wandb-history",
  name: "Weights & Biases export",
  description:
    "wandb-history.jsonl, wandb-events.jsonl, the CSV of a chart or of the table of runs, config.yaml, wandb-summary.json",
  extensions: ["jsonl", "csv", "json", "yaml"],

  detect(head) {
    return shapeOf(head) === null ? 0 : 0.96;
  },

  async plan(source, options) {
    const head = await source.head(HEAD);
    const shape = shapeOf(head);
    if (shape === null) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `“${source.name}” is none of the files that W&B writes or exports.`,
        advice: "Choose another importer, or export the history of the run from W&B again.",
      });
    }
    const { main, further } = await tablesOf(shape, head, source, options);
    const instants = new Instants(options.timezone);
    const [first] = csvRecordsOf(head, head.length < HEAD).slice(1);
    if (shape.is === "chart" && shape.header.wall) wallTime(first?.fields?.[0] ?? "", instants);
    if (shape.is === "runs" || shape.is === "small") {
      const created = /"(?:startedAt|heartbeatAt)"\s*:\s*"([^"]+)"/.exec(textOf(head))?.[1];
      instants.read(created ?? createdOf(head));
    }
    const plan: ImportPlan = {
      ...main,
      importer: "wandb-history",
      options,
      preview: previewOf(head),
      notes: zoneNotes(instants, options),
      further,
    };
    return ok(plan);
  },

  async read(source, plan, sink) {
    const shape = shapeOf(await source.head(HEAD));
    if (shape === null) throw new Error("the plan was made for another file");
    const writer = new WandbWriter(sink, plan);
    const { options } = plan;
    switch (shape.is) {
      case "history":
        await readHistory(source, { runId: null, runName: null }, writer, sink);
        break;
      case "chart":
        await readChart(source, shape.header, options, writer, sink);
        break;
      case "runs":
        await readRunsTable(source, options, writer, sink);
        break;
      case "small":
        await readSmallRun(source, shape.file, options, writer, sink);
    }
    await writer.finish();
  },
};

function shapeOf(head: Uint8Array): Shape | null {
  if (head.length === 0 || describeBinary(head) !== null) return null;
  const text = textOf(head.subarray(0, 4096)).trimStart();
  if (text.startsWith("{")) return jsonShape(head);
  if (/^(?:wandb_version:|_wandb:)/m.test(text)) return { is: "small", file: "config" };
  return csvShape(head);
}

function jsonShape(head: Uint8Array): Shape | null {
  const part = head.subarray(0, SEEN);
  const text = textOf(part);
  if (!/"(?:_step|_timestamp|_runtime|_wandb|startedAt)"/.test(text)) return null;
  const objects = elementsOf(part, [""])
    .slice(0, 20)
    .map((e) => objectOf(e.value));
  const [first] = objects;
  if (first === undefined || first === null) return null;
  if (objects.length === 1) {
    const small = smallShape(first, text);
    if (small !== null) return small;
  }
  const records = objects.filter((o) => o !== null && isHistoryRecord(o));
  if (records.length < objects.length * 0.8 || records.length === 0) return null;
  return { is: "history", timed: records.some((r) => epochMicros(r?.["_timestamp"]) !== null) };
}

/** `_step` beside a time of W&B, or a measurement of the machine. */
function isHistoryRecord(object: JsonObject): boolean {
  const timed = "_timestamp" in object || "_runtime" in object;
  const system = Object.keys(object).some((k) => k.startsWith("system."));
  return timed ? "_step" in object || object["_wandb"] === true || system : false;
}

function smallShape(object: JsonObject, text: string): Shape | null {
  if (objectOf(object["_wandb"]) !== null) {
    const config = Object.values(object).every((v) => "value" in (objectOf(v) ?? {}));
    if (!config) return { is: "small", file: "summary" };
  }
  const metadata =
    typeof object["startedAt"] === "string" &&
    "python" in object &&
    ("program" in object || "codePath" in object || "executable" in object);
  if (metadata) return { is: "small", file: "metadata" };
  // A summary is written over several lines by old clients only; a history never is.
  const pretty = /^\{\s*\n\s+"/.test(text);
  return pretty && isHistoryRecord(object) ? { is: "small", file: "summary" } : null;
}

function csvShape(head: Uint8Array): Shape | null {
  const line = head.indexOf(10);
  const [header] = csvRecordsOf(line < 0 ? head : head.subarray(0, line + 1), true);
  const fields = header?.fields ?? null;
  if (fields === null) return null;
  const chart = readChartHeader(fields);
  if (chart !== null) return { is: "chart", header: chart };
  return isRunsTable(fields) ? { is: "runs" } : null;
}

async function tablesOf(
  shape: Shape,
  head: Uint8Array,
  source: Source,
  options: ImportOptions,
): Promise<WandbTables> {
  switch (shape.is) {
    case "history":
      return planPoints(shape.timed);
    case "chart":
      return planPoints(shape.header.wall);
    case "runs": {
      const [header, ...sample] = csvRecordsOf(head, head.length < HEAD);
      return planRuns(runsTableColumns(header?.fields ?? [], sample), options, false);
    }
    case "small": {
      const parsed = parseSmall(shape.file, (await readSmallFile(source)) ?? "");
      return planRuns(runColumns(parsed ?? NOTHING), options, false);
    }
  }
}

const NOTHING: RunFiles = { config: null, summary: null, metadata: null };

async function readSmallRun(
  source: Source,
  file: keyof RunFiles,
  options: ImportOptions,
  writer: WandbWriter,
  sink: Sink,
): Promise<void> {
  const text = await readSmallFile(source);
  const parsed = text === null ? null : parseSmall(file, text);
  if (parsed === null) {
    const reason =
      text === null ? "the file is larger than 8 MiB" : "the file is not as W&B writes it";
    sink.reject(1, 0, reason, text ?? "");
    return;
  }
  writeRun(parsed, null, writer, new Instants(options.timezone), { line: 1, offset: 0 });
  sink.accepted(1);
}

function parseSmall(file: keyof RunFiles, text: string): RunFiles | null {
  if (file === "config") {
    const yaml = parseYaml(text, false);
    return yaml.ok ? { ...NOTHING, config: yaml.value } : null;
  }
  const object = objectOf(parseJson(text).value);
  return object === null ? null : { ...NOTHING, [file]: object };
}

function createdOf(head: Uint8Array): string | undefined {
  const [header, first] = csvRecordsOf(head, head.length < HEAD);
  return first?.fields?.[header?.fields?.indexOf("Created") ?? -1];
}

function previewOf(head: Uint8Array): ImportPlan["preview"] {
  const rows = textOf(head.subarray(0, 16_384))
    .split(/\r?\n/)
    .slice(0, 20)
    .map((line) => [line.slice(0, 300)]);
  return { header: ["line"], rows };
}

function textOf(head: Uint8Array): string {
  return new TextDecoder().decode(head);
}
