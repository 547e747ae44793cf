import { attempt, Fault } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { PROVENANCE_COLUMNS } from "../tables/fixed-tables.ts";
import { arrowImporter } from "./arrow.ts";
import { delimitedImporter } from "./delimited.ts";
import { mergeColumns, type TableColumnPlan } from "./hive/merged-columns.ts";
import { isData, partitionsOf, writtenTime } from "./hive/paths.ts";
import { rebatch, type Origin } from "./hive/rebatch.ts";
import { WidenColumn } from "./importer.ts";
import type { ContainedFile, ImportError, Importer, ImportPlan, Sink, Source } from "./importer.ts";
import { jsonlImporter } from "./jsonl.ts";
import { parquetImporter } from "./parquet.ts";
import { tableNameOf } from "./roles.ts";
import { checkCancelled } from "./text-log/cancelled.ts";

export { recogniseHiveTable } from "./hive/paths.ts";

const FORMATS: readonly Importer[] = [
  parquetImporter,
  arrowImporter,
  jsonlImporter,
  delimitedImporter,
];
/** Files whose columns are known before the import; those of others go to `fields` where they are new. */
const MOST_PLANNED = 400;
const MOST_NOTES = 20;
const PREVIEW_ROWS = 50;

/**
 * A folder that is one table: files below folders that say the values of
 * columns (`dt=2024-05-01/country=DE/part-0.parquet`), as Hive, Spark, Arrow
 * and Feast write them
 * (https://arrow.apache.org/docs/python/dataset.html#reading-partitioned-data).
 * `_line` is the record in its file, and `_file` the path of that file.
 */
export const hiveTableImporter: Importer = {
  id: "hive-table",
  name: "Partitioned table",
  description:
    "A folder of Parquet, CSV, JSON lines or Arrow files that are one table (Hive, Spark, Feast)",
  extensions: [],

  // Chosen by the names of the files in a folder, never by the content of one.
  detect: () => 0,

  plan(source, options) {
    return attempt<ImportPlan, ImportError>(() => planTable(source, options));
  },

  async read(source, plan, sink) {
    const { columns, plans } = await planFiles(source, plan.options);
    const known = new Map(plans.map(({ file, plan: own }) => [file.path, own]));
    for (const file of dataOf(source)) {
      checkCancelled(sink.signal, source.name);
      await readFile(file, known.get(file.path) ?? null, columns, plan, sink);
    }
  },
};

function dataOf(source: Source): ContainedFile[] {
  return (source.files ?? []).filter(({ path }) => isData(path));
}

// --- Plan ------------------------------------------------------------------

interface Planned {
  readonly columns: readonly TableColumnPlan[];
  readonly plans: readonly { readonly file: ContainedFile; readonly plan: ImportPlan }[];
  readonly failure: ImportError | null;
}

async function planTable(source: Source, options: ImportOptions): Promise<ImportPlan> {
  const files = dataOf(source);
  const { columns, plans, failure } = await planFiles(source, options);
  if (plans.length === 0) throw new Fault(failure ?? noData(source.name));
  const planned = columns.map((c) => c.planned);
  return {
    importer: "hive-table",
    options: { ...options, target: "own" },
    target: "own",
    table: options.table ?? tableNameOf(source.name),
    columns: planned,
    batchColumns: [...planned.map(({ name, type }) => ({ name, type })), ...PROVENANCE_COLUMNS],
    preview: previewOf(columns, plans),
    notes: [
      ...folderNotes(source, files, columns),
      ...plans
        .flatMap(({ plan }) => plan.notes)
        .filter((note, i, all) => all.findIndex((n) => n.message === note.message) === i)
        .slice(0, MOST_NOTES),
    ],
  };
}

async function planFiles(source: Source, options: ImportOptions): Promise<Planned> {
  const files = dataOf(source);
  const { plans, failure } = await plansOf(source, innerOptions(options, {}));
  const paths = files.map(({ path }) => partitionsOf(path));
  const columns = mergeColumns(
    plans.map((p) => p.plan),
    paths,
    options,
    files.length > MOST_PLANNED,
  );
  return { columns, plans, failure };
}

type FilePlans = Pick<Planned, "plans" | "failure">;

/** The files' own plans of a folder, with the options they were made for: the reading asks for them again. */
const PLANS = new WeakMap<Source, { readonly key: string; readonly made: Promise<FilePlans> }>();

function plansOf(source: Source, options: ImportOptions): Promise<FilePlans> {
  const key = JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = PLANS.get(source);
  if (known?.key === key) return known.made;
  const made = makePlans(dataOf(source), options);
  PLANS.set(source, { key, made });
  made.catch(() => PLANS.delete(source));
  return made;
}

async function makePlans(
  files: readonly ContainedFile[],
  options: ImportOptions,
): Promise<FilePlans> {
  const plans: { file: ContainedFile; plan: ImportPlan }[] = [];
  let failure: ImportError | null = null;
  for (const file of someOf(files)) {
    const planned = await planFile(file, options);
    if (planned.ok) plans.push({ file, plan: planned.value });
    else failure ??= { ...planned.error, file: file.path };
  }
  return { plans, failure };
}

/** All files, or the first and the last of very many. */
function someOf(files: readonly ContainedFile[]): readonly ContainedFile[] {
  if (files.length <= MOST_PLANNED) return files;
  return [...files.slice(0, MOST_PLANNED / 2), ...files.slice(-MOST_PLANNED / 2)];
}

/** What a person set for the table, as options of one of its files. */
function innerOptions(options: ImportOptions, types: ImportOptions["types"]): ImportOptions {
  const inner: ImportOptions = { ...options, target: "own", types: { ...options.types, ...types } };
  delete inner.table;
  delete inner.member;
  delete inner.roles;
  return inner;
}

async function planFile(
  { source }: ContainedFile,
  options: ImportOptions,
): ReturnType<Importer["plan"]> {
  return attempt<ImportPlan, ImportError>(async () => {
    const planned = await formatOf(await source.head(), source.name).plan(source, options);
    if (!planned.ok) throw new Fault(planned.error);
    return planned.value;
  });
}

function formatOf(head: Uint8Array, name: string): Importer {
  let best: Importer = delimitedImporter;
  let confidence = 0;
  for (const importer of FORMATS) {
    const sure = importer.detect(head, name);
    if (sure > confidence) {
      best = importer;
      confidence = sure;
    }
  }
  return best;
}

function previewOf(
  columns: readonly TableColumnPlan[],
  plans: Planned["plans"],
): ImportPlan["preview"] {
  const rows: string[][] = [];
  for (const { file, plan } of plans) {
    const values = new Map(partitionsOf(file.path).map(([k, v]) => [k.toLowerCase(), v ?? ""]));
    for (const row of plan.preview.rows) {
      if (rows.length >= PREVIEW_ROWS) break;
      rows.push(
        columns.map(({ from, key }) => {
          if (from === "name") return file.path;
          if (from === "path") return values.get(key) ?? "";
          return row[plan.columns.findIndex((c) => c.name.toLowerCase() === key)] ?? "";
        }),
      );
    }
  }
  return { header: columns.map((c) => c.planned.name), rows };
}

function folderNotes(
  source: Source,
  files: readonly ContainedFile[],
  columns: readonly TableColumnPlan[],
): ImportNote[] {
  const keys = columns.filter((c) => c.from === "path").map((c) => c.planned.name);
  const by = keys.length === 0 ? "" : `, with ${keys.join(", ")} from their folders`;
  const notes: ImportNote[] = [
    {
      kind: "info",
      message: `One table of ${files.length} file${files.length === 1 ? "" : "s"}${by}.`,
    },
  ];
  const left = (source.files ?? []).filter(({ path }) => !isData(path)).map(({ path }) => path);
  if (left.length > 0) {
    const names = [...new Set(left.map((path) => path.slice(path.lastIndexOf("/") + 1)))];
    const more = names.length > 5 ? ", …" : "";
    notes.push({
      kind: "info",
      message: `Passed over: ${left.length} file${left.length === 1 ? "" : "s"} that are no part of the table (${names.slice(0, 5).join(", ")}${more}).`,
    });
  }
  const log = left.some((path) => /(?:^|\/)(?:_delta_log|\.hoodie)\//.test(path));
  if (log) {
    notes.push({
      kind: "warning",
      message:
        "The folder has a log of changes (Delta or Hudi) that is not read: rows that were deleted or replaced may still stand in its files.",
    });
  }
  return notes;
}

function noData(file: string): ImportError {
  return {
    kind: "empty",
    file,
    message: `“${file}” holds no file with rows of a table.`,
    advice: "Check the job that wrote it: only what it left beside its data is here.",
  };
}

// --- Read ------------------------------------------------------------------

/** Failures that end the import, whatever file they happen in. */
const FATAL: ReadonlySet<ImportError["kind"]> = new Set([
  "cancelled",
  "engine",
  "disk-full",
  "out-of-memory",
]);

/** A file that cannot be read is one reject; the others are read all the same. */
async function readFile(
  file: ContainedFile,
  known: ImportPlan | null,
  columns: readonly TableColumnPlan[],
  table: ImportPlan,
  sink: Sink,
): Promise<void> {
  let read = 0;
  try {
    const inner = await planAs(file, known, columns, table.options);
    const origins = originsOf(file, inner, columns);
    const importer = formatOf(await file.source.head(), file.source.name);
    await importer.read(file.source, inner, {
      signal: sink.signal,
      evidence: sink.evidence,
      batch: (ipc, rows) => sink.batch(rebatch(ipc, origins, table.batchColumns), rows),
      accepted: (records) => {
        read += records;
        sink.accepted(records);
      },
      note: (kind, message) => {
        sink.note(kind, kind === "warning" ? `${file.path}: ${message}` : message);
      },
      reject: (line, offset, reason, text) => {
        sink.reject(line, offset, `${file.path}: ${reason}`, text);
      },
    });
    const { cut } = file.source;
    if (cut !== null) sink.note("warning", `${file.path}: ${cut.message}`);
  } catch (thrown) {
    if (thrown instanceof WidenColumn) throw tableColumn(thrown, columns);
    if (!(thrown instanceof Fault)) throw thrown;
    const error = thrown.error as ImportError;
    if (FATAL.has(error.kind)) throw thrown;
    const after = read === 0 ? "" : ` after ${read} records`;
    sink.reject(read + 1, -1, `${file.path} cannot be read${after}: ${error.message}`, file.path);
  }
}

/** The plan of a file with the types that its columns have in the table. */
async function planAs(
  file: ContainedFile,
  known: ImportPlan | null,
  columns: readonly TableColumnPlan[],
  options: ImportOptions,
): Promise<ImportPlan> {
  const first = known ?? (await ownPlan(file, options, {}));
  const types = new Map(
    columns.flatMap((c) => (c.from === "file" ? [[c.key, c.planned.type] as const] : [])),
  );
  const wanted = first.columns.flatMap(({ name }) => {
    const type = types.get(name.toLowerCase());
    return type === undefined ? [] : [[name, type] as const];
  });
  // What a file of text says of its types is a guess that the reading may take back.
  const typed = first.importer === "parquet" || first.importer === "arrow";
  const same = first.columns.every(({ type }, i) => type === wanted[i]?.[1]);
  return typed && same ? first : ownPlan(file, options, Object.fromEntries(wanted));
}

async function ownPlan(
  file: ContainedFile,
  options: ImportOptions,
  types: ImportOptions["types"],
): Promise<ImportPlan> {
  const planned = await planFile(file, innerOptions(options, types));
  if (!planned.ok) throw new Fault(planned.error);
  return planned.value;
}

function originsOf(
  { path }: ContainedFile,
  plan: ImportPlan,
  columns: readonly TableColumnPlan[],
): Origin[] {
  const values = new Map(partitionsOf(path).map(([key, value]) => [key.toLowerCase(), value]));
  const known = new Set(columns.flatMap((c) => (c.from === "file" ? [c.key] : [])));
  const place = (key: string): number =>
    plan.columns.findIndex((c) => c.name.toLowerCase() === key);
  return columns.map((column): Origin => {
    switch (column.from) {
      case "name":
        return { value: path };
      case "path":
        return { value: valueOf(values.get(column.key) ?? null, column) };
      case "rest":
        return {
          rest: plan.columns.flatMap(({ name }, i) =>
            known.has(name.toLowerCase()) ? [] : [{ name, column: i }],
          ),
        };
      case "file": {
        const at = place(column.key);
        return at === -1 ? { value: null } : { column: at };
      }
    }
  });
}

const encoder = new TextEncoder();

function valueOf(
  text: string | null,
  { planned, parse }: TableColumnPlan,
): string | number | boolean | null {
  if (text === null) return null;
  switch (planned.type) {
    case "timestamp": {
      const bytes = encoder.encode(writtenTime(text));
      const time = parse === null ? NaN : parse(bytes, 0, bytes.length);
      if (Number.isNaN(time)) throw new WidenColumn(planned.name, "varchar");
      return time;
    }
    case "bigint":
    case "double": {
      const number = Number(text);
      if (Number.isNaN(number)) throw new WidenColumn(planned.name, "varchar");
      return number;
    }
    case "boolean":
      return text.toLowerCase() === "true";
    case "varchar":
      return text;
  }
}

/** The same of the table's column instead of the file's, whose name may be written differently. */
function tableColumn(
  { column, to }: WidenColumn,
  columns: readonly TableColumnPlan[],
): WidenColumn {
  const found = columns.find(
    (c) => c.planned.name === column || (c.from === "file" && c.key === column.toLowerCase()),
  );
  return new WidenColumn(found?.planned.name ?? column, to);
}
