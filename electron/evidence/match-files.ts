import { lstat, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errnoOf } from "../faults.ts";

/**
 * The files that a pattern matches, absolute and sorted. Known are `*`
 * (anything but `/`), `?` (one character), `**` (any folders, also none) and
 * `{a,b}`. A name that begins with a dot is matched only by a pattern part
 * that does. `**` does not follow symbolic links to folders.
 *
 * A path that exists as written is that path, whatever characters it holds. A
 * pattern that matches nothing gives an empty list; a folder that may not be
 * read rejects.
 */
export async function matchFiles(directory: string, pattern: string): Promise<string[]> {
  const literal = resolve(directory, pattern);
  if (await exists(literal)) return [literal];
  const found = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    await walk(startOf(directory, plain), partsOf(plain), found);
  }
  return [...found].sort();
}

/** `a{b,c}d` → `abd`, `acd`; braces may be nested. An unclosed brace is an ordinary character. */
export function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf("{");
  const close = open < 0 ? -1 : closingBrace(pattern, open);
  if (close < 0) return [pattern];
  const choices = splitChoices(pattern.slice(open + 1, close));
  const tails = expandBraces(pattern.slice(close + 1));
  const head = pattern.slice(0, open);
  return choices.flatMap((choice) =>
    expandBraces(choice).flatMap((middle) => tails.map((tail) => `${head}${middle}${tail}`)),
  );
}

/** True if one path part (no `/`) fits a pattern part with `*` and `?`. */
export function matchesPart(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const source = pattern
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "su").test(name);
}

async function walk(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === "**") {
    if (rest.length === 0) return walk(folder, ["**", "*"], found);
    await walk(folder, rest, found);
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      if (!name.startsWith(".") && (await isRealFolder(path))) await walk(path, parts, found);
    }
    return;
  }
  const names = /[*?]/.test(part)
    ? (await namesIn(folder)).filter((name) => matchesPart(name, part))
    : [part];
  for (const name of names) {
    const path = join(folder, name);
    if (rest.length > 0) await walk(path, rest, found);
    else if (await isFile(path)) found.add(path);
  }
}

function startOf(directory: string, pattern: string): string {
  return pattern.startsWith("/") ? "/" : resolve(directory);
}

function partsOf(pattern: string): string[] {
  return pattern.split("/").filter((part) => part !== "" && part !== ".");
}

function closingBrace(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    if (pattern[at] === "{") depth++;
    else if (pattern[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function splitChoices(text: string): string[] {
  const choices: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
    else if (text[at] === "," && depth === 0) {
      choices.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...choices, text.slice(from)];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const code = errnoOf(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw thrown;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

async function isRealFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() ?? false;
}
