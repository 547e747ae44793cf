import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A set of log lines and the template of each, as people determined it. */
export interface LogSet {
  readonly name: string;
  readonly lines: readonly string[];
  readonly truth: readonly string[];
}

const STRUCTURED = /^(.+?)_(?:2k|full)\.log_structured(_corrected)?\.csv$/;

/**
 * Every set in `folder` and the folders in it that has a structured file as
 * Loghub's; of a set with two such files the corrected one.
 */
export function readLogSets(folder: string): LogSet[] {
  const files = new Map<string, string>();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of found) {
    const match = STRUCTURED.exec(basename(path));
    const name = match?.[1];
    if (name === undefined) continue;
    if (match?.[2] !== undefined || !files.has(name)) files.set(name, path);
  }
  return Array.from(files, ([name, path]) => readLogSet(name, path));
}

/** The folder of template sets in a folder laid out like the open data; null without. */
export function templateFolder(data: string): string | null {
  const inside = join(data, "C_logs/loghub2_templates");
  return existsSync(inside) ? inside : existsSync(data) ? data : null;
}

function readLogSet(name: string, path: string): LogSet {
  const [header = [], ...records] = parseCsv(readFileSync(path, "utf8"));
  const content = header.indexOf("Content");
  const template = header.indexOf("EventTemplate");
  if (content < 0 || template < 0) throw new Error(`${path}: no Content or no EventTemplate`);
  return {
    name,
    lines: records.map((record) => record[content] ?? ""),
    truth: records.map((record) => record[template] ?? ""),
  };
}

/** RFC 4180. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") {
      if (record.length > 1 || record[0] !== "") records.push(record);
      record = [];
    }
    if (field.lastIndex >= text.length) break;
  }
  return records;
}
