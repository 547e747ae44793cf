import { createHash } from "node:crypto";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ok } from "../../shared/base/result.ts";
import type { IpcResult } from "../../shared/contract/ipc.ts";
import { CaseDigest } from "../../shared/model/library.ts";
import { writeAtomically } from "../case-store/atomic-write.ts";
import { readCaseFolder } from "../case-store/case-folder.ts";
import { JournalFile } from "../case-store/journal-file.ts";
import type { RecentCases } from "../case-store/recent-cases.ts";
import { onFile } from "../faults.ts";
import type { Service } from "./register.ts";

type LibraryCase = IpcResult<"library.cases">[number];

/** The cases of this computer beside each other; read only, but for the past cases that were imported. */
export function libraryService(
  userData: string,
  lists: readonly RecentCases[],
): Service<"library"> {
  const file = join(userData, "past-cases.json");
  return {
    "library.cases": async () => {
      const entries = (await Promise.all(lists.map((list) => list.list()))).flat();
      const byPath = new Map(entries.map((entry) => [entry.path, entry]));
      return Promise.all([...byPath.values()].map((entry) => readCase(entry.path, entry.name)));
    },
    "library.past": () => readPast(file),
    "library.savePast": async ([cases]) => {
      await onFile(file, () => writeAtomically(file, `${JSON.stringify(cases, null, 1)}\n`));
      return ok(null);
    },
    "library.forget": async ([{ path }]) => {
      for (const list of lists) await list.forget(path);
      return null;
    },
  };
}

async function readCase(path: string, name: string): Promise<LibraryCase> {
  try {
    const file = await readCaseFolder(path);
    const journal = await JournalFile.open(join(path, "journal.jsonl"), {
      hash: (text) => createHash("sha256").update(text).digest("hex"),
      actor: "library",
      readOnly: true,
    });
    await journal.close();
    return { path, name, found: { file, journal: journal.lines }, message: "" };
  } catch (thrown) {
    return { path, name, found: null, message: thrown instanceof Error ? thrown.message : "" };
  }
}

/** A list that cannot be read is set aside under another name, so that the next import does not overwrite it. */
async function readPast(file: string): Promise<CaseDigest[]> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  const parsed = z.array(CaseDigest).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  await rename(file, `${file}.unreadable-${Date.now()}`).catch(() => undefined);
  return [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
