import type { Database } from "@sqlite.org/sqlite-wasm";
import { Uint8ArrayWriter, TextReader, ZipWriter } from "@zip.js/zip.js";
import { tableFromArrays, tableToIPC, type Table } from "apache-arrow";
import * as parquet from "parquet-wasm";
import { PbfWriter } from "pbf";
import { isoOf, secondsOf, type Drawn, type FileFamily } from "./generated-files.ts";
import { loadSqliteInNode } from "./sqlite.ts";

/** A message of logs with one record, as the collector's file exporter writes it: behind its length. */
function logsFrame(record: Drawn): Uint8Array {
  const message = new PbfWriter();
  message.writeMessage(1, writeGroup, record);
  const bytes = message.finish();
  const frame = new Uint8Array(4 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length);
  frame.set(bytes, 4);
  // A field of a kind that protobuf does not have.
  if (record.damage === 1) frame.fill(0xff, 6);
  return frame;
}

function writeGroup(record: Drawn, group: PbfWriter): void {
  group.writeMessage(
    2,
    (r: Drawn, scope) => {
      scope.writeMessage(
        2,
        (own: Drawn, log) => {
          log.writeFixed64Field(1, secondsOf(own) * 1e9);
          log.writeStringField(3, "INFO");
          log.writeMessage(
            5,
            (_: null, body) => {
              body.writeStringField(1, `order ${own.number}`);
            },
            null,
          );
        },
        r,
      );
    },
    record,
  );
}

function tableOf(records: readonly Drawn[]): Table {
  return tableFromArrays({
    id: Int32Array.from(records, (r) => r.number),
    score: Float64Array.from(records, (r) => (r.damage === 1 ? NaN : r.number / 8)),
    name: records.map((r) => (r.damage === 2 ? "\0\uD800" : `n${r.number}`)),
    big: BigInt64Array.from(records, (r) => (r.damage === 3 ? 2n ** 62n : BigInt(r.number))),
  });
}

const VALUES = ["not a number", "half a character", "a number that no double holds"];

/** Values of SQLite that do not fit their column. */
const LITERALS = ["7", "'text'", "x'00ff'", "NULL", "1e999"];

async function sqliteOf(records: readonly Drawn[]): Promise<Uint8Array> {
  const sqlite = (await loadSqliteInNode()) as unknown as {
    readonly oo1: { readonly DB: new () => Database };
    readonly capi: { sqlite3_js_db_export(database: Database): Uint8Array };
  };
  const database = new sqlite.oo1.DB();
  try {
    database.exec("CREATE TABLE scores (ts TEXT, id INTEGER, score REAL)");
    for (const r of records) {
      database.exec(`INSERT INTO scores VALUES ('${isoOf(r)}', ${LITERALS[r.damage] ?? "7"}, 0.5)`);
    }
    return sqlite.capi.sqlite3_js_db_export(database);
  } finally {
    database.close();
  }
}

const TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;
const RELATIONS = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/TARGET" Target="PLACE"/></Relationships>`;
const BOOK = `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`;

function cell(text: string | number): string {
  return typeof text === "number"
    ? `<c><v>${text}</v></c>`
    : `<c t="inlineStr"><is><t>${text}</t></is></c>`;
}

/** The cells of a row: good, then by damage. */
function rowOf(r: Drawn): string {
  const rows = [
    cell(`n${r.number}`) + cell(r.number / 8) + cell(r.number),
    cell("n") + cell("many") + cell(r.number),
    cell("n") + '<c t="e"><v>#REF!</v></c>' + cell(1),
    cell("n") + cell(1) + cell(2) + cell("more") + cell("and more"),
    cell("n"),
    "",
  ];
  return rows[r.damage] ?? "";
}

async function xlsxOf(records: readonly Drawn[]): Promise<Uint8Array> {
  const rows = [cell("name") + cell("score") + cell("id"), ...records.map(rowOf)];
  const sheet = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map((row, i) => `<row r="${i + 1}">${row}</row>`).join("")}</sheetData></worksheet>`;
  const relation = (target: string, place: string): string =>
    RELATIONS.replace("TARGET", target).replace("PLACE", place);
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, text] of [
    ["[Content_Types].xml", TYPES],
    ["_rels/.rels", relation("officeDocument", "xl/workbook.xml")],
    ["xl/workbook.xml", BOOK],
    ["xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")],
    ["xl/worksheets/sheet1.xml", sheet],
  ] as const) {
    await writer.add(name, new TextReader(text));
  }
  return writer.close();
}

const EMPTY_ROW = "an empty row";
const CELLS = ["a text for a number", "an error", "too many cells", "too few cells", EMPTY_ROW];

export const BINARY_FAMILIES: readonly FileFamily[] = [
  {
    importer: "otlp-proto",
    kind: "messages",
    file: "x.binpb",
    damages: ["a message that is none"],
    make: (records) => Buffer.concat(records.map(logsFrame)),
  },
  {
    importer: "arrow",
    kind: "a stream",
    file: "x.arrows",
    damages: VALUES,
    make: (records) => tableToIPC(tableOf(records), "stream"),
  },
  {
    importer: "arrow",
    kind: "a file",
    file: "x.arrow",
    damages: VALUES,
    make: (records) => tableToIPC(tableOf(records), "file"),
  },
  {
    importer: "parquet",
    kind: "a file",
    file: "x.parquet",
    damages: VALUES,
    make: (records) =>
      parquet.writeParquet(parquet.Table.fromIPCStream(tableToIPC(tableOf(records), "stream"))),
  },
  {
    importer: "sqlite",
    kind: "a table",
    file: "x.db",
    damages: ["a text", "bytes", "nothing", "infinity"],
    make: sqliteOf,
  },
  {
    importer: "xlsx",
    kind: "a sheet",
    file: "x.xlsx",
    damages: CELLS,
    counts: ({ damage }) => (CELLS[damage - 1] === EMPTY_ROW ? 0 : 1),
    make: xlsxOf,
  },
];
