import type { Pointer, SqliteModule } from "./module.ts";
import type { Pages } from "./pages.ts";

/** Name under which SQLite knows the file system. */
export const VFS = "inquest";

const FILES = new WeakMap<SqliteModule, Map<string, Pages>>();

/**
 * The files that SQLite can open, by name: read-only, and without anything
 * beside them, so that neither a journal nor `-wal` is looked for
 * (https://www.sqlite.org/vfs.html).
 */
export function filesOf(module: SqliteModule): Map<string, Pages> {
  let files = FILES.get(module);
  if (files === undefined) {
    files = new Map();
    FILES.set(module, files);
    install(module, files);
  }
  return files;
}

function install({ capi, wasm, vfs }: SqliteModule, files: ReadonlyMap<string, Pages>): void {
  const open = new Map<Pointer, Pages>();
  const io = new capi.sqlite3_io_methods();
  io.$iVersion = 1;
  const system = new capi.sqlite3_vfs();
  system.$iVersion = 1;
  system.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  system.$mxPathname = 256;
  const standard = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  system.$xRandomness = standard.$xRandomness;
  system.$xSleep = standard.$xSleep;
  system.$xCurrentTime = standard.$xCurrentTime;
  standard.dispose();
  const fine = (): number => capi.SQLITE_OK;
  const refuse = (): number => capi.SQLITE_READONLY;
  const tellsZero = (_: Pointer, out: Pointer): number => {
    wasm.poke32(out, 0);
    return capi.SQLITE_OK;
  };
  vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xClose: (file: Pointer) => {
          open.delete(file);
          return capi.SQLITE_OK;
        },
        xRead: (file: Pointer, to: Pointer, length: number, offset: bigint | number) => {
          const pages = open.get(file);
          if (pages === undefined) return capi.SQLITE_IOERR;
          const into = wasm.heap8u().subarray(to, to + length);
          const read = readAt(pages, Number(offset), into);
          if (read === null) return capi.SQLITE_IOERR;
          if (read === length) return capi.SQLITE_OK;
          into.fill(0, read);
          return capi.SQLITE_IOERR_SHORT_READ;
        },
        xFileSize: (file: Pointer, out: Pointer) => {
          wasm.poke64(out, BigInt(open.get(file)?.size ?? 0));
          return capi.SQLITE_OK;
        },
        xWrite: refuse,
        xTruncate: refuse,
        xSync: fine,
        xLock: fine,
        xUnlock: fine,
        xCheckReservedLock: tellsZero,
        xFileControl: () => capi.SQLITE_NOTFOUND,
        xSectorSize: () => 4096,
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: system,
      name: VFS,
      methods: {
        xOpen: (_: Pointer, name: Pointer, file: Pointer, flags: number, out: Pointer) => {
          const pages = name === 0 ? undefined : files.get(wasm.cstrToJs(name) ?? "");
          if (pages === undefined) return capi.SQLITE_CANTOPEN;
          const struct = new capi.sqlite3_file(file);
          struct.$pMethods = io.pointer;
          struct.dispose();
          open.set(file, pages);
          if (out !== 0) wasm.poke32(out, flags);
          return capi.SQLITE_OK;
        },
        xDelete: refuse,
        xAccess: (_: Pointer, _name: Pointer, _flags: number, out: Pointer) => {
          wasm.poke32(out, 0);
          return capi.SQLITE_OK;
        },
        xFullPathname: (_: Pointer, name: Pointer, room: number, out: Pointer) => {
          const bytes = new TextEncoder().encode(`${wasm.cstrToJs(name) ?? ""}\0`);
          if (bytes.length > room) return capi.SQLITE_CANTOPEN;
          wasm.heap8u().set(bytes, out);
          return capi.SQLITE_OK;
        },
        xGetLastError: fine,
      },
    },
  });
}

/**
 * A database in WAL mode can only be opened beside its `-wal`; what says so in
 * the header are two bytes (https://www.sqlite.org/fileformat2.html#file_format_version_numbers).
 */
const VERSIONS = [18, 19];

/** Null where the bytes cannot be had. */
function readAt(pages: Pages, offset: number, into: Uint8Array): number | null {
  let read: number;
  try {
    read = pages.read(offset, into);
  } catch {
    return null;
  }
  for (const at of VERSIONS) {
    const index = at - offset;
    if (index >= 0 && index < read && into[index] === 2) into[index] = 1;
  }
  return read;
}
