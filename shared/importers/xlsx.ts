import { attempt, Fault, unwrap } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { TableRead } from "./delimited.ts";
import { analyseSample, type Analysis } from "./delimited/plan.ts";
import type { ImportError, Importer, ImportPlan, Member, Sink, Source } from "./importer.ts";
import { tableNameOf } from "./roles.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import {
  hasCells,
  mergedCells,
  newCounts,
  sheetRows,
  type CellContext,
  type Merged,
  type SheetCounts,
  type SheetRow,
} from "./xlsx/sheet-rows.ts";
import {
  fillMerged,
  findArea,
  firstRows,
  RowEncoder,
  sampleOf,
  shownRow,
  type Area,
} from "./xlsx/sheet-table.ts";
import { guardXml, openWorkbook, type Sheet, type Workbook } from "./xlsx/workbook.ts";

/** Merged cells are listed behind the rows: larger sheets would be read twice for them. */
const MERGED_BYTES = 64 * 1024 * 1024;
/** Rows that a sheet can have. */
const MOST_ROWS = 1_048_576;
const CHUNK = 64 * 1024;

/**
 * Excel workbooks (.xlsx, .xlsm; ECMA-376). Each sheet is a member, and is
 * read as a delimited text of its cells would be: dates by their number
 * format, formulas by their saved results. `_line` is the row of the sheet.
 */
export const xlsxImporter: Importer = {
  id: "xlsx",
  name: "Excel workbook",
  description: "Sheets of .xlsx and .xlsm files: as delimited text, dates by their number format",
  extensions: ["xlsx", "xlsm", "xltx", "xltm"],

  detect(head) {
    return isWorkbook(head) ? 1 : 0;
  },

  members(source) {
    return attempt<readonly Member[], ImportError>(async () => {
      const book = await openWorkbook(source);
      const members: Member[] = [];
      for (const sheet of book.sheets) {
        const skipped = await reasonToSkip(book, sheet, source.name);
        const size = sheet.part?.size ?? null;
        members.push({ name: sheet.name, size, rows: null, importer: "xlsx", skipped });
      }
      return members;
    });
  },

  plan(source, options) {
    return attempt<ImportPlan, ImportError>(async () => {
      const opened = await openSheet(source, options);
      return opened.analysis.plan;
    });
  },

  async read(source, plan, sink) {
    const opened = await openSheet(source, plan.options);
    const rejects: Sink = {
      signal: sink.signal,
      evidence: sink.evidence,
      batch: (ipc, rows, table) => sink.batch(ipc, rows, table),
      accepted: (records) => {
        sink.accepted(records);
      },
      note: (kind, message) => {
        sink.note(kind, message.replace("blank lines were", "empty rows were"));
      },
      reject: (line, _, reason, text) => {
        sink.reject(line, -1, reason, shownRow(text));
      },
    };
    const counts = newCounts();
    const read = new TableRead(opened.analysis, plan, rejects, false);
    const encoder = new RowEncoder(opened.area);
    let last = 0;
    await guardXml(source.name, async () => {
      for await (const row of opened.rows(counts)) {
        encoder.add(row);
        if (row.cells.size > 0) last = row.number;
        if (encoder.length < CHUNK) continue;
        checkCancelled(sink.signal, source.name);
        read.push(encoder.take());
        await read.drain();
      }
    });
    read.push(encoder.take());
    read.finish();
    await read.drain();
    await read.end();
    tellCounts(counts, last, sink);
  },
};

/** The names of the first files of the archive: a workbook has its parts below `xl/`. */
function isWorkbook(head: Uint8Array): boolean {
  if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
  const text = new TextDecoder("latin1").decode(head);
  for (
    let at = text.indexOf("PK\u0003\u0004");
    at !== -1;
    at = text.indexOf("PK\u0003\u0004", at + 4)
  ) {
    const length = (head[at + 26] ?? 0) | ((head[at + 27] ?? 0) << 8);
    const name = text.slice(at + 30, at + 30 + length);
    if (/^\/?xl[/\\](?:workbook|worksheets|sharedStrings|styles|_rels|theme)/.test(name))
      return true;
  }
  return false;
}

async function reasonToSkip(book: Workbook, sheet: Sheet, file: string): Promise<string | null> {
  const { part } = sheet;
  if (sheet.isChart) return "a chart without cells";
  if (part === null) return "its cells are missing in the file";
  if (sheet.state !== "visible") return "hidden in the workbook";
  return (await guardXml(file, () => hasCells(book.open(part)))) ? null : "empty";
}

// --- Sheet -----------------------------------------------------------------

interface OpenedSheet {
  readonly area: Area;
  readonly analysis: Analysis;
  rows(counts: SheetCounts): AsyncIterable<SheetRow>;
}

async function openSheet(source: Source, options: ImportOptions): Promise<OpenedSheet> {
  const file = source.name;
  const book = await openWorkbook(source);
  const { sheet, others } = await chooseSheet(book, file, options.member);
  const { part } = sheet;
  if (part === null) throw new Fault(noCells(file, sheet.name));
  const context: CellContext = {
    strings: await book.strings(),
    styles: book.styles,
    date1904: book.date1904,
  };
  return guardXml(file, async () => {
    const counts = newCounts();
    const first = await firstRows(sheetRows(book.open(part), context, counts));
    if (first.rows.length === 0) throw new Fault(noCells(file, sheet.name));
    const area = findArea(first.rows);
    const mayMerge = (part.size ?? Infinity) <= MERGED_BYTES;
    const merged = mayMerge ? await mergedCells(book.open(part)) : [];
    const sample =
      merged.length === 0
        ? first.rows
        : (await firstRows(fillMerged(listed(first.rows), merged, area))).rows;
    const name = titleOf(file, sheet.name, book.sheets);
    const analysed = analyseSample(sampleOf(sample, area), name, first.ended, options);
    const analysis = unwrap(analysed);
    const plan = planOf(analysis.plan, sheet.name, options, [
      ...othersNote(sheet, others),
      ...troubleNote(book),
      ...areaNotes(area, merged, mayMerge),
    ]);
    return {
      area,
      analysis: { ...analysis, plan },
      rows: (seen) => fillMerged(sheetRows(book.open(part), context, seen), merged, area),
    };
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of what is there already
async function* listed(rows: readonly SheetRow[]): AsyncGenerator<SheetRow> {
  yield* rows;
}

/** The sheet that is meant; without a name the first visible one that holds something. */
async function chooseSheet(
  book: Workbook,
  file: string,
  wanted: string | undefined,
): Promise<{ readonly sheet: Sheet; readonly others: readonly string[] }> {
  const named = book.sheets.find((s) => s.name === wanted);
  if (named !== undefined) return { sheet: named, others: [] };
  const names = book.sheets.map((s) => s.name).join(", ");
  if (wanted !== undefined) {
    throw new Fault<ImportError>({
      kind: "vanished",
      file,
      message: `“${file}” has no sheet called “${wanted}”.`,
      advice: `Its sheets are ${names}.`,
    });
  }
  const filled: Sheet[] = [];
  for (const sheet of book.sheets)
    if ((await reasonToSkip(book, sheet, file)) === null) filled.push(sheet);
  const [sheet, ...others] = filled;
  if (sheet !== undefined) return { sheet, others: others.map((s) => s.name) };
  throw new Fault<ImportError>({
    kind: "empty",
    file,
    message: `No visible sheet of “${file}” holds anything.`,
    advice:
      names === ""
        ? "Check the program that wrote it."
        : `Name a hidden sheet to read it: ${names}.`,
  });
}

function noCells(file: string, sheet: string): ImportError {
  return {
    kind: "empty",
    file,
    message: `The sheet “${sheet}” of “${file}” is empty.`,
    advice: "Choose another sheet of the workbook.",
  };
}

/** What the table is called after: the file, and the sheet where there are several with names of their own. */
function titleOf(file: string, sheet: string, sheets: readonly Sheet[]): string {
  const generic =
    /^(?:sheet|tabelle|blatt|feuille?|hoja|foglio|planilha|лист|シート)\s*\d*$/iu.test(sheet);
  const visible = sheets.filter((s) => s.state === "visible" && !s.isChart);
  const stem = file.replace(/\.xl[st][xm]$/i, "");
  return generic || visible.length < 2 ? file : `${stem} ${sheet}`;
}

function planOf(
  plan: ImportPlan,
  member: string,
  options: ImportOptions,
  notes: readonly ImportNote[],
): ImportPlan {
  // Both are ours, not the file's.
  const filled = { ...plan.options };
  delete filled.delimiter;
  delete filled.encoding;
  return {
    ...plan,
    importer: "xlsx",
    options: { ...filled, member },
    table: plan.target === "own" ? (options.table ?? tableNameOf(plan.table)) : plan.table,
    notes: [...notes, ...plan.notes],
  };
}

function othersNote(sheet: Sheet, others: readonly string[]): ImportNote[] {
  if (others.length === 0) return [];
  return [
    {
      kind: "warning",
      message: `This is the sheet “${sheet.name}”. The workbook has ${others.length} more, each of which is imported by itself: ${others.join(", ")}.`,
    },
  ];
}

function troubleNote({ trouble }: Workbook): ImportNote[] {
  if (trouble === null) return [];
  const message = `This export may be cut off: the file is damaged, ${trouble}. What is there was read.`;
  return [{ kind: "warning", message }];
}

function areaNotes(area: Area, merged: readonly Merged[], mayMerge: boolean): ImportNote[] {
  const notes: ImportNote[] = [];
  if (area.titles.length > 0) {
    notes.push({
      kind: "info",
      message: `Passed over above the header: ${area.titles.map((t) => `“${t}”`).join(", ")}.`,
    });
  }
  if (merged.length > 0) {
    notes.push({
      kind: "info",
      message: `${plural(merged.length, "range")} of merged cells: their text is taken for each of their cells.`,
    });
  }
  if (!mayMerge) {
    notes.push({
      kind: "info",
      message:
        "Merged cells are not looked at in a sheet of this size: their text is that of the first cell.",
    });
  }
  return notes;
}

function tellCounts(counts: SheetCounts, last: number, sink: Sink): void {
  const { errors, uncalculated, durations, hiddenRows, unreadable } = counts;
  for (const [error, n] of errors)
    sink.note("warning", `${plural(n, "cell")} with the error ${error}: empty here.`);
  if (uncalculated > 0) {
    sink.note(
      "warning",
      `${plural(uncalculated, "formula")} saved without a result: empty here. Open the file in Excel or LibreOffice, and save it.`,
    );
  }
  if (durations > 0) {
    sink.note(
      "info",
      `${plural(durations, "cell")} with a duration (a format such as [h]:mm): read as seconds.`,
    );
  }
  if (hiddenRows > 0)
    sink.note(
      "info",
      `${plural(hiddenRows, "row")} hidden in the sheet, as by a filter: read too.`,
    );
  if (unreadable > 0) {
    sink.note(
      "warning",
      `${plural(unreadable, "cell")} with a date that cannot be, or a text that is missing in the file.`,
    );
  }
  if (last >= MOST_ROWS) {
    sink.note(
      "warning",
      `This export may be cut off: its last row is number ${MOST_ROWS}, the last that a sheet can have.`,
    );
  }
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
