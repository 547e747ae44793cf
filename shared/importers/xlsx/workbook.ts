import { Fault } from "../../base/result.ts";
import { blobBytes, type Bytes } from "../containers/bytes.ts";
import { listZip } from "../containers/zip.ts";
import { zipContent } from "../containers/zip-content.ts";
import type { ZipEntry } from "../containers/zip-entry.ts";
import { BadCompression } from "../bad-compression.ts";
import type { ImportError, Source } from "../importer.ts";
import { BOMB_FROM, BOMB_RATIO } from "../source.ts";
import { meaningOf, type NumberMeaning } from "./number-formats.ts";
import { readSharedStrings, SharedStrings } from "./shared-strings.ts";
import { attributeOf, BadXml, scanXml, type XmlHandler } from "./xml.ts";

/** A sheet as the workbook lists it. */
export interface Sheet {
  readonly name: string;
  /** `visible`, `hidden` or `veryHidden`. */
  readonly state: string;
  /** What holds its cells; null for charts and for what is missing. */
  readonly part: ZipEntry | null;
  readonly isChart: boolean;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** What is wrong with the archive around it; null where it is whole. */
  readonly trouble: string | null;
  /** Dates count from 1904. */
  readonly date1904: boolean;
  /** Meaning of numbers by the number of a cell's style. */
  readonly styles: readonly NumberMeaning[];
  /** Content of a part. */
  open(entry: ZipEntry): AsyncIterable<Uint8Array>;
  /** Texts that cells name by number. */
  strings(): Promise<SharedStrings>;
}

/** Opens a workbook (ECMA-376, part 1, 18). Failures are thrown as `Fault<ImportError>`. */
export async function openWorkbook(source: Source): Promise<Workbook> {
  const file = source.name;
  // As a whole: what is read is what was hashed.
  const bytes = blobBytes(await source.blob());
  const { entries, trouble } = await listZip(bytes);
  const parts = new Map(entries.map((entry) => [normal(entry.name), entry]));
  if (parts.has("xl/workbook.bin")) throw new Fault(binary(file));
  const name = mainPart(parts);
  const main = name === null ? undefined : parts.get(name);
  if (name === null || main === undefined) throw new Fault(noWorkbook(file, trouble));
  const open = (entry: ZipEntry): AsyncIterable<Uint8Array> =>
    contentOf(bytes, entry, file, trouble);
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  const rels = parts.get(`${folder}_rels/${name.slice(folder.length)}.rels`);
  const relations = rels === undefined ? [] : await readRelations(open(rels), folder, file);
  const partOf = (kind: string): ZipEntry | undefined => {
    const target = relations.find((r) => r.type.endsWith(`/${kind}`))?.target;
    return parts.get(target ?? "") ?? parts.get(`${folder}${kind}.xml`);
  };
  const { sheets, date1904 } = await readWorkbook(open(main), file);
  const styles = partOf("styles");
  const strings = partOf("sharedStrings");
  return {
    sheets: sheets.map(({ id, name: sheet, state }, i) => {
      const relation = relations.find((r) => r.id === id);
      const target = relation?.target ?? `${folder}worksheets/sheet${i + 1}.xml`;
      const isChart = relation !== undefined && !relation.type.endsWith("/worksheet");
      return { name: sheet, state, part: isChart ? null : (parts.get(target) ?? null), isChart };
    }),
    trouble,
    date1904,
    styles: styles === undefined ? [] : await readStyles(open(styles), file),
    open,
    strings: () =>
      strings === undefined
        ? Promise.resolve(new SharedStrings())
        : guardXml(file, () => readSharedStrings(open(strings), file)),
  };
}

function normal(name: string): string {
  return name.replaceAll("\\", "/").replace(/^\//, "");
}

/** The workbook is `xl/workbook.xml`, unless a program calls it otherwise. */
function mainPart(parts: ReadonlyMap<string, unknown>): string | null {
  if (parts.has("xl/workbook.xml")) return "xl/workbook.xml";
  return [...parts.keys()].find((name) => /(?:^|\/)workbook\d*\.xml$/i.test(name)) ?? null;
}

async function* contentOf(
  bytes: Bytes,
  entry: ZipEntry,
  file: string,
  trouble: string | null,
): AsyncGenerator<Uint8Array> {
  const fail = (reason: string): Fault<ImportError> =>
    new Fault(
      trouble === null ? damaged(file, `${entry.name} ${reason}`) : noWorkbook(file, trouble),
    );
  if (entry.skipped !== null) throw fail(`is ${entry.skipped}`);
  const place = await entry.place();
  if (place === null) throw fail("is not where it should be");
  if (place.size > BOMB_FROM && place.size > place.compressedSize * BOMB_RATIO * 5)
    throw new Fault(bomb(file));
  try {
    yield* zipContent(bytes, place);
  } catch (thrown) {
    if (!(thrown instanceof BadCompression)) throw thrown;
    throw fail(`cannot be read (${thrown.message})`);
  }
}

/** Runs `work`; XML that is broken becomes an error in words. */
export async function guardXml<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof BadXml) throw new Fault(damaged(file, thrown.message));
    throw thrown;
  }
}

// --- Parts -----------------------------------------------------------------

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

async function readRelations(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
  file: string,
): Promise<Relation[]> {
  const relations: Relation[] = [];
  await guardXml(file, () =>
    scanXml(chunks, {
      open: (name, attributes) => {
        if (name !== "Relationship") return;
        const target = attributeOf(attributes, "Target") ?? "";
        relations.push({
          id: attributeOf(attributes, "Id") ?? "",
          type: attributeOf(attributes, "Type") ?? "",
          target: resolve(folder, target),
        });
      },
      close: () => undefined,
    }),
  );
  return relations;
}

function resolve(folder: string, target: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const steps: string[] = [];
  for (const step of `${folder}${target}`.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

async function readWorkbook(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): Promise<{ sheets: { id: string; name: string; state: string }[]; date1904: boolean }> {
  const sheets: { id: string; name: string; state: string }[] = [];
  let date1904 = false;
  await guardXml(file, () =>
    scanXml(chunks, {
      open: (name, attributes) => {
        if (name === "workbookPr") {
          const value = attributeOf(attributes, "date1904");
          date1904 = value === "1" || value === "true";
        } else if (name === "sheet") {
          sheets.push({
            id: attributeOf(attributes, "id") ?? "",
            name: attributeOf(attributes, "name") ?? "",
            state: attributeOf(attributes, "state") ?? "visible",
          });
        }
      },
      close: () => undefined,
    }),
  );
  return { sheets, date1904 };
}

async function readStyles(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): Promise<NumberMeaning[]> {
  const codes = new Map<number, string>();
  const styles: NumberMeaning[] = [];
  let inCells = false;
  const handler: XmlHandler = {
    open: (name, attributes) => {
      if (name === "numFmt") {
        const id = Number(attributeOf(attributes, "numFmtId"));
        codes.set(id, attributeOf(attributes, "formatCode") ?? "");
      } else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = Number(attributeOf(attributes, "numFmtId") ?? 0);
        styles.push(meaningOf(id, codes.get(id)));
      }
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
  };
  await guardXml(file, () => scanXml(chunks, handler));
  return styles;
}

// --- Errors ----------------------------------------------------------------

function damaged(file: string, reason: string): ImportError {
  return {
    kind: "damaged",
    file,
    message: `“${file}” is damaged: ${reason}.`,
    advice:
      "Open it in Excel or LibreOffice, which may repair it, and save it again; or save as CSV.",
  };
}

function binary(file: string): ImportError {
  return {
    kind: "unsupported",
    file,
    message: `“${file}” is a binary workbook (.xlsb), which is not read here.`,
    advice: "Save it as .xlsx or CSV, and add that.",
  };
}

function noWorkbook(file: string, trouble: string | null): ImportError {
  return {
    kind: trouble === null ? "unsupported" : "truncated",
    file,
    message:
      trouble === null
        ? `“${file}” holds no workbook.`
        : `“${file}” holds no workbook that is whole: ${trouble}.`,
    advice:
      trouble === null
        ? "Save the table as .xlsx or CSV, and add that."
        : "Copy the file again from where it came from, and compare the sizes.",
  };
}

function bomb(file: string): ImportError {
  return {
    kind: "bomb",
    file,
    message: `A part of “${file}” expands to more than ${BOMB_RATIO * 5} times its size. Such files are made to fill up memory and disk.`,
    advice: "If you trust the file, open it in Excel and save its sheets as CSV.",
  };
}
