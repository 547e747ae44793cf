/** Between the path of an archive inside an archive and the path in it. */
export const INNER = "!/";

/** Begins the notes and reasons that tell of a cut. */
export const CUT = "cut off: the archive ends in the middle of it";

/**
 * A path in an archive as a name to show and to ask for: `/` between its
 * parts, no `./` in front, and nothing that writes over a line or turns its
 * direction. It is never used as a path on disk.
 */
export function memberName(raw: string, backslashes: boolean): string {
  const path = backslashes && !raw.includes("/") ? raw.replaceAll("\\", "/") : raw;
  // Cc, and the marks that turn the direction of a text or have no width.
  const shown = path.replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, "\ufffd");
  return shown.replace(/^(?:\.\/+)+(?=.)/, "");
}

/** Why the entry of a folder is left out. */
export const FOLDER = "a folder";
/** Why an empty file is left out. */
export const EMPTY = "empty";

/** Gives the same name a number when it comes again: an archive may hold a path twice. */
export class UniqueNames {
  readonly #seen = new Map<string, number>();

  take(name: string): string {
    const times = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, times);
    return times === 1 ? name : this.take(`${name} (${times})`);
  }
}

/** Last part of a path in an archive. */
export function baseName(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.at(-1) ?? path;
}

/** Why a file is left out for its name or size; null for evidence. */
export function reasonToSkip(name: string, size: number | null): string | null {
  const parts = name.split("/");
  const base = parts.at(-1) ?? "";
  if (parts.includes("__MACOSX") || base.startsWith("._")) {
    return "written by macOS beside another file, without content of its own";
  }
  if (SYSTEM_FILES.has(base)) return "written by the file manager";
  const store = parts.find((part) => VERSION_CONTROL.has(part));
  if (store !== undefined) return `part of the version control in ${store}`;
  if (size === 0) return EMPTY;
  return null;
}

const SYSTEM_FILES = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);
const VERSION_CONTROL = new Set([".git", ".hg", ".svn"]);

/** True if a file's name says that it is an archive. Its content decides. */
export function mayBeArchive(name: string): boolean {
  return /\.(?:zip|tar|tgz|tzst|tar\.(?:gz|gzip|zst|zstd))$/i.test(name);
}
