import type { WebContents } from "electron";
import { ok } from "../../shared/base/result.ts";
import type { GrantOutcome, IpcEventData } from "../../shared/contract/ipc.ts";
import { hashGranted, type Grants } from "../evidence/grants.ts";
import { checkOriginal, type OriginalFinding } from "../evidence/originals.ts";
import { fault } from "../faults.ts";
import { chooseFiles, chooseFolders } from "./dialogs.ts";
import type { Service } from "./register.ts";

const PROGRESS_EVERY_MS = 100;

/** Leave to read files, their digests, and whether originals are still what they were. */
export function evidenceService(grants: Grants): Service<"evidence"> {
  async function grantAll(paths: readonly string[]): Promise<GrantOutcome[]> {
    const outcomes: GrantOutcome[] = [];
    for (const path of paths) outcomes.push(await grants.grant(path));
    return outcomes;
  }

  return {
    "evidence.choose": async (_args, sender) => grantAll(await chooseFiles(sender, "Add evidence")),
    "evidence.chooseFolder": async (_args, sender) =>
      grantAll(await chooseFolders(sender, "Add a folder as evidence")),
    "evidence.grant": ([{ paths }]) => grantAll(paths),
    "evidence.hash": async ([{ grantId }], sender) => {
      return ok(await hashGranted(grants.get(grantId), progressTo(sender, grantId)));
    },
    "evidence.readDigest": async ([{ grantId }]) => {
      const { lastRead, grant } = grants.get(grantId);
      if (lastRead !== null) return ok(await lastRead.digest());
      throw fault("invalid", `${grant.path} has not been read as a whole.`, grant.path);
    },
    "evidence.check": async ([{ items }]) => {
      // The members of an archive share their original.
      const found = new Map<string, OriginalFinding>();
      const findings: OriginalFinding[] = [];
      for (const item of items) {
        const key = JSON.stringify([item.path, item.size, item.mtimeMs, item.sha256]);
        const finding = found.get(key) ?? (await checkOriginal(item));
        found.set(key, finding);
        findings.push({ ...finding, id: item.id });
      }
      return findings;
    },
  };
}

function progressTo(sender: WebContents, grantId: string): (bytes: number) => void {
  let last = Date.now();
  return (bytes) => {
    if (Date.now() - last < PROGRESS_EVERY_MS || sender.isDestroyed()) return;
    last = Date.now();
    const data: IpcEventData<"evidence.hashProgress"> = { grantId, bytes };
    sender.send("evidence.hashProgress", data);
  };
}
