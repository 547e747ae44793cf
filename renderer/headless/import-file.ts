import { tableToIPC } from "apache-arrow";
import { formatIso, type EvidenceTime } from "../../shared/base/time.ts";
import { queryTable, readColumn } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";
import { ipc } from "../data/ipc-client.ts";
import { prepareDatabase } from "../data/rebuild-cache.ts";
import { getEngine, getIngest } from "../data/services.ts";
import { print, progress } from "./output.ts";
import type { JobEnd } from "./job-end.ts";

const PAGE = 50_000;

/** `inquest import FILE --as …`: what an importer makes of a file, on stdout; rejected records in numbers on stderr. */
export async function importFile(file: string, as: "csv" | "jsonl" | "arrow"): Promise<JobEnd> {
  const [granted] = await ipc("evidence.grant", { paths: [file] });
  if (granted?.ok !== true)
    return { code: 3, message: granted?.error.message ?? `${file} cannot be read.` };
  const engine = getEngine();
  const opened = await engine.open(null);
  if (!opened.ok) return { code: 1, message: opened.error.message };
  await prepareDatabase(engine);
  const outcome = await getIngest().importFile(granted.grant, "auto", {}, 1);
  if (!outcome.ok) {
    const { message, advice } = outcome.error;
    return { code: 3, message: `${message} ${advice}` };
  }
  const { plan, rows, rejected, tableRows, notes } = outcome.value;
  for (const note of notes) await progress(`${note.kind}: ${note.message}`, null);
  const table = ident(plan.table);
  if (as === "arrow") {
    const all = await queryTable(engine, `SELECT * FROM ${table}`);
    await ipc("headless.stdout", { bytes: tableToIPC(all, "file") });
  } else {
    for (let offset = 0; offset < Math.max(1, tableRows); offset += PAGE) {
      const page = await queryTable(
        engine,
        `SELECT * FROM ${table} LIMIT ${PAGE} OFFSET ${offset}`,
      );
      const names = page.schema.fields.map((f) => f.name);
      const times = new Set(
        plan.batchColumns.filter((c) => c.type === "timestamp").map((c) => c.name),
      );
      const columns = names.map((name) =>
        readColumn(page, name).map((v) => plain(v, times.has(name))),
      );
      await print(
        as === "csv"
          ? csv(names, columns, page.numRows, offset === 0)
          : jsonl(names, columns, page.numRows),
      );
    }
  }
  return {
    code: 0,
    message: `${rows} records read by ${plan.importer}, ${rejected} rejected, ${tableRows} rows in ${plan.table}`,
  };
}

function plain(value: unknown, isTime: boolean): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (isTime && typeof value === "number") return formatIso(value as EvidenceTime);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "string" || typeof value === "boolean" ? value : JSON.stringify(value);
}

type Cell = ReturnType<typeof plain>;

function jsonl(names: readonly string[], columns: readonly Cell[][], rows: number): string {
  let text = "";
  for (let r = 0; r < rows; r++) {
    text += `${JSON.stringify(Object.fromEntries(names.map((n, c) => [n, columns[c]?.[r] ?? null])))}\n`;
  }
  return text;
}

function csv(
  names: readonly string[],
  columns: readonly Cell[][],
  rows: number,
  header: boolean,
): string {
  let text = header ? `${names.map(cell).join(",")}\n` : "";
  for (let r = 0; r < rows; r++) text += `${columns.map((c) => cell(c[r] ?? null)).join(",")}\n`;
  return text;
}

function cell(value: Cell): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
