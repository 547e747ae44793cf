import { Fault } from "../../base/result.ts";
import type { ImportError, Source } from "../importer.ts";
import { openDatabase, SqliteFailure, type Database } from "./database.ts";
import { readHeader, type Header } from "./header.ts";
import { pagesOf } from "./pages.ts";
import { listTables, type TableInfo } from "./tables.ts";

/** A database with what is in it. */
export interface OpenedDatabase {
  readonly database: Database;
  readonly header: Header;
  /** Bytes of the file. */
  readonly size: number;
  readonly tables: readonly TableInfo[];
}

/**
 * Runs `work` on the database of a source, and closes it. Failures are thrown
 * as `Fault<ImportError>`.
 */
export async function withDatabase<T>(
  source: Source,
  work: (opened: OpenedDatabase) => T | Promise<T>,
): Promise<T> {
  const blob = await source.blob();
  const head = new Uint8Array(await blob.slice(0, 100).arrayBuffer());
  const header = readHeader(head, blob.size, source.name);
  const pages = await pagesOf(blob, source.name);
  let database: Database | null = null;
  try {
    database = await openDatabase(pages);
    const tables = listTables(database);
    return await work({ database, header, size: blob.size, tables });
  } catch (thrown) {
    if (thrown instanceof SqliteFailure)
      throw new Fault(damaged(source.name, thrown.message, header, blob.size));
    throw thrown;
  } finally {
    database?.close();
  }
}

/** What is said of a database that cannot be read. */
function damaged(file: string, reason: string, header: Header, size: number): ImportError {
  if (size < header.size) {
    return {
      kind: "truncated",
      file,
      message: `“${file}” is cut off: ${size} of its ${header.size} bytes are here, and what is missing is needed (${reason}).`,
      advice: "Copy the file again from where it came from, and compare the sizes.",
    };
  }
  return {
    kind: "damaged",
    file,
    message: `“${file}” cannot be read: ${reason}.`,
    advice:
      'Copy the file again while no program writes to it (sqlite3 FILE ".backup copy.db"), or save what can be read with sqlite3 FILE .recover.',
  };
}
