import type { WebContents } from "electron";
import { ok } from "../../shared/base/result.ts";
import type { GrantOutcome, IpcEventData } from "../../shared/contract/ipc.ts";
import type { Grants } from "../evidence/grants.ts";
import { hashFile } from "../evidence/hashing.ts";
import { checkOriginal, type OriginalFinding } from "../evidence/originals.ts";
import { fault } from "../faults.ts";
import { chooseFiles } from "./dialogs.ts";
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
    "evidence.grant": ([{ paths }]) => grantAll(paths),
    "evidence.hash": async ([{ grantId }], sender) => {
      const { realPath } = grants.get(grantId);
      return ok(await hashFile(realPath, progressTo(sender, grantId)));
    },
    "evidence.readDigest": async ([{ grantId }]) => {
      const { lastRead, grant } = grants.get(grantId);
      if (lastRead !== null) return ok(await lastRead.digest());
      throw fault("invalid", `${grant.path} has not been read as a whole.`, grant.path);
    },
    "evidence.check": async ([{ items }]) => {
      const findings: OriginalFinding[] = [];
      for (const item of items) findings.push(await checkOriginal(item));
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
