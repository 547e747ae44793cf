import { randomUUID } from "node:crypto";
import { access, constants, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { upgradeCaseFile } from "../../shared/case/upgrade.ts";
import type { CaseFile } from "../../shared/model/case.ts";
import { errnoOf, fault, onFile } from "../faults.ts";
import { syncDirectory, writeAtomically } from "./atomic-write.ts";

export const CASE_SUFFIX = ".inquest";

/** Makes an empty case folder `directory/NAME.inquest/`; answers its path and `case.json`. */
export async function createCaseFolder(
  directory: string,
  name: string,
): Promise<{ path: string; file: CaseFile }> {
  const trimmed = name.trim();
  if (trimmed === "") throw fault("invalid", "A case needs a name.");
  const path = join(resolve(directory), `${fileNameOf(trimmed)}${CASE_SUFFIX}`);
  const file: CaseFile = {
    inquest: 1,
    id: randomUUID(),
    name: trimmed,
    createdAt: new Date().toISOString(),
  };
  await onFile(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await makeNewFolder(path);
    await mkdir(join(path, "attachments"));
    await mkdir(join(path, "exports"));
    await writeFile(join(path, "journal.jsonl"), "", { flag: "wx" });
    await writeAtomically(join(path, "case.json"), `${JSON.stringify(file, null, 2)}\n`);
    await syncDirectory(dirname(path));
  });
  return { path, file };
}

/** Reads `case.json` of a case folder. */
export async function readCaseFolder(path: string): Promise<CaseFile> {
  return onFile(path, async () => {
    const found = await stat(path);
    const text = found.isDirectory() ? await readCaseJson(path) : null;
    if (text === null) {
      throw fault(
        "invalid",
        `${path} is not a case. A case is a folder named NAME${CASE_SUFFIX} with a case.json in it.`,
        path,
      );
    }
    const read = upgradeCaseFile(parseJson(text));
    if (!read.ok) throw fault("damaged", read.error, join(path, "case.json"));
    return read.value;
  });
}

/** True if this user may make files in the folder. */
export async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    await access(join(path, "journal.jsonl"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A name as every file system takes it. */
export function fileNameOf(name: string): string {
  const safe = name
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, "-")
    .replace(/^[. ]+|[. ]+$/g, "")
    .slice(0, 120);
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i.test(safe);
  return safe === "" || reserved ? `_${safe}` : safe;
}

async function makeNewFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    if (errnoOf(thrown) !== "EEXIST") throw thrown;
    throw fault("invalid", `${path} is there already. Open it, or choose another name.`, path);
  }
}

async function readCaseJson(path: string): Promise<string | null> {
  try {
    return await readFile(join(path, "case.json"), "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return null;
    throw thrown;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
