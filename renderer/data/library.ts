import { useQuery } from "@tanstack/react-query";
import { foldJournal } from "../../shared/case/fold.ts";
import { digestOf } from "../../shared/library/case-digest.ts";
import { readPastCases, type PastCaseError } from "../../shared/library/read-past-cases.ts";
import type { CaseDigest } from "../../shared/model/library.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { ipc } from "./ipc-client.ts";
import { queryClient } from "./queries.ts";

export interface Library {
  readonly cases: readonly CaseDigest[];
  /** Cases that cannot be read now. */
  readonly unreadable: readonly { path: string; name: string; message: string }[];
}

const KEY = ["library"];

/** All cases of this machine in short; undefined while their journals are read. */
export function useLibrary(): Library | undefined {
  const { data } = useQuery({ queryKey: KEY, queryFn: readLibrary, gcTime: 0 });
  return data;
}

async function readLibrary(): Promise<Library> {
  const [found, past] = await Promise.all([ipc("library.cases"), ipc("library.past")]);
  const cases = found.flatMap(({ path, found: read }) =>
    read === null ? [] : [digestOf(foldJournal(read.journal), read.file.id, path)],
  );
  // A copy of a case folder is the same case.
  const unique = cases.filter((c, i) => cases.findIndex((o) => o.id === c.id) === i);
  return {
    cases: [...unique, ...past],
    unreadable: found.flatMap(({ path, name, found: read, message }) =>
      read === null ? [{ path, name, message }] : [],
    ),
  };
}

/** The open case in short; null where none is open. */
export function useOpenDigest(): CaseDigest | null {
  const opened = useCase((s) => s.opened);
  const state = useCase((s) => s.state);
  return opened === null || state === null ? null : digestOf(state, opened.file.id, opened.path);
}

/** Reads past cases from files that a person chose; those of the same file are replaced. */
export async function importPastCases(files: readonly File[]): Promise<void> {
  const { notify } = useSession.getState();
  let past = await ipc("library.past");
  let added = 0;
  const rejected: PastCaseError[] = [];
  for (const file of files) {
    const read = readPastCases(await file.text(), file.name);
    if (!read.ok) {
      notify({ kind: "error", message: read.error.message });
      continue;
    }
    past = [...past.filter((p) => p.place !== file.name), ...read.value.cases];
    added += read.value.cases.length;
    rejected.push(...read.value.rejected);
  }
  const saved = await ipc("library.savePast", past);
  if (!saved.ok) notify({ kind: "error", message: saved.error.message });
  else if (added > 0) {
    notify({ kind: "info", message: `${added} past ${added === 1 ? "case" : "cases"} imported.` });
  }
  for (const { message } of rejected.slice(0, 5)) notify({ kind: "error", message });
  if (rejected.length > 5) {
    notify({ kind: "error", message: `${rejected.length - 5} further rows were not imported.` });
  }
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** Takes a case out of the library; a folder stays where it is. */
export async function forgetCase(digest: CaseDigest): Promise<void> {
  if (digest.origin === "case") await ipc("library.forget", { path: digest.place });
  else {
    const past = await ipc("library.past");
    await ipc(
      "library.savePast",
      past.filter((p) => p.id !== digest.id),
    );
  }
  await queryClient.invalidateQueries({ queryKey: KEY });
}
