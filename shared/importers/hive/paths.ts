/** A folder that says the value of a column: `country=DE`. */
const PARTITION = /^([A-Za-z_][\w.-]*)=(.*)$/;
const DATA =
  /\.(?:parquet|parq|pq|csv|tsv|jsonl|ndjson|arrow|feather)(?:\.(?:gz|gzip|zst|zstd))?$/i;
/** Part of a table as Spark, Hive and the like call it. */
const PART = /^part[-_]?[\w.-]*$/i;
/** What a job leaves beside its parts, and a person beside those. */
const BESIDE = /^(?:[._].*|.*\.crc|manifest.*|readme.*|license.*|.*\.(?:md|txt~|ds_store))$/i;
/** What Hive writes for NULL. */
const NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";

/** The values that a path says, in its order; null for NULL. */
export function partitionsOf(path: string): [key: string, value: string | null][] {
  return foldersOf(path).flatMap((folder): [string, string | null][] => {
    const found = PARTITION.exec(folder);
    if (found === null) return [];
    const value = decode(found[2] ?? "");
    return [[found[1] ?? "", value === NULL_VALUE || value === "" ? null : value]];
  });
}

/** A day or an hour that is written without separators, as times are read elsewhere. */
export function writtenTime(text: string): string {
  return text
    .replace(/^(\d{4})([01]\d)([0-3]\d)$/, "$1-$2-$3")
    .replace(/^(\d{4})([01]\d)([0-3]\d)([0-2]\d)$/, "$1-$2-$3 $4:00:00");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function foldersOf(path: string): string[] {
  return path.split("/").slice(0, -1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** True for a file that is part of the table, by its path below the table's folder. */
export function isData(path: string): boolean {
  const hidden = foldersOf(path).some((f) => /^[._]/.test(f) && !PARTITION.test(f));
  const name = nameOf(path);
  return (
    !hidden && !BESIDE.test(name) && (DATA.test(name) || (PART.test(name) && !/\.\w+$/.test(name)))
  );
}

/**
 * Folders of partitioned tables (`events/` of `events/dt=2024-05-01/part-0.parquet`)
 * and of tables in parts, among the folders of these paths. One that holds
 * other files too is none: they would be lost in it.
 */
export function recogniseHiveTable(paths: readonly string[]): string[] {
  const roots = new Set<string>();
  const parts = new Map<string, { success: boolean; parts: number }>();
  for (const path of paths) {
    const folders = foldersOf(path);
    const first = folders.findIndex((f) => PARTITION.test(f));
    if (first !== -1 && isData(path)) {
      roots.add(folderOf(folders.slice(0, first)));
      continue;
    }
    const folder = folderOf(folders);
    const seen = parts.get(folder) ?? { success: false, parts: 0 };
    if (nameOf(path) === "_SUCCESS") seen.success = true;
    else if (isData(path) && PART.test(nameOf(path))) seen.parts++;
    parts.set(folder, seen);
  }
  for (const [folder, seen] of parts) if (seen.success && seen.parts > 0) roots.add(folder);
  const tables = [...roots].filter((root) => {
    const inFolders = parts.get(root)?.success !== true || parts.get(root)?.parts === 0;
    return paths.every((path) => belongs(path, root, inFolders));
  });
  return tables.filter((root) => !tables.some((o) => o !== root && root.startsWith(o))).sort();
}

function folderOf(folders: readonly string[]): string {
  return folders.length === 0 ? "" : `${folders.join("/")}/`;
}

/** False for a file below the table's folder that is neither a part of it nor left by a job. */
function belongs(path: string, root: string, inFolders: boolean): boolean {
  if (!path.startsWith(root)) return true;
  const below = path.slice(root.length);
  if (BESIDE.test(nameOf(below))) return true;
  const folders = foldersOf(below);
  if (folders.some((f) => /^[._]/.test(f) && !PARTITION.test(f))) return true;
  if (inFolders && folders.length === 0) return false;
  return folders.every((f) => PARTITION.test(f)) && isData(below);
}
