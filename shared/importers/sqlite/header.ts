import { Fault } from "../../base/result.ts";
import type { ImportError } from "../importer.ts";

const MAGIC = "SQLite format 3\0";

/** What the first 100 bytes say (https://www.sqlite.org/fileformat2.html#the_database_header). */
export interface Header {
  readonly pageSize: number;
  /** Bytes that the pages of the header make; 0 where the header does not say. */
  readonly size: number;
  /** Rows may stand in a file `-wal` beside it. */
  readonly wal: boolean;
}

export function isSqlite(head: Uint8Array): boolean {
  return head.length >= 16 && String.fromCharCode(...head.subarray(0, 16)) === MAGIC;
}

/** The header of a database. Failures are thrown as `Fault<ImportError>`. */
export function readHeader(head: Uint8Array, size: number, file: string): Header {
  if (!isSqlite(head)) throw new Fault(notSqlite(file, size));
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const written = head.length < 100 ? 0 : view.getUint16(16);
  const pageSize = written === 1 ? 65536 : written;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Fault<ImportError>({
      kind: size < 512 ? "truncated" : "damaged",
      file,
      message:
        size < 512
          ? `“${file}” ends inside the header of a SQLite database (${size} bytes are here).`
          : `“${file}” begins as a SQLite database, but its header is damaged: pages of ${pageSize} bytes are not possible.`,
      advice: "Copy the file again from where it came from, and compare the sizes.",
    });
  }
  const encoding = view.getUint32(56);
  if (encoding === 2 || encoding === 3) throw new Fault(wide(file));
  // The page count holds where the counters beside it agree.
  const counted = view.getUint32(24) === view.getUint32(92) ? view.getUint32(28) : 0;
  return { pageSize, size: counted * pageSize, wal: head[18] === 2 || head[19] === 2 };
}

function notSqlite(file: string, size: number): ImportError {
  if (size === 0) {
    return {
      kind: "empty",
      file,
      message: `“${file}” is empty.`,
      advice: "Check the program that wrote it; a database without tables has no content.",
    };
  }
  return {
    kind: "unsupported",
    file,
    message: `“${file}” is no SQLite database, or an encrypted one: its first bytes are not those of SQLite.`,
    advice:
      "Decrypt it with the program that wrote it (SQLCipher: sqlcipher_export), and add the result.",
  };
}

/** SQLite's WebAssembly is built without UTF-16 (`SQLITE_OMIT_UTF16`). */
function wide(file: string): ImportError {
  return {
    kind: "unsupported",
    file,
    message: `“${file}” keeps its texts as UTF-16, which is not read here.`,
    advice: `Make a copy in UTF-8, and add that: sqlite3 “${file}” .dump | grep -v "PRAGMA encoding" | sqlite3 copy.db`,
  };
}
