import { err, ok, type Result } from "../../shared/base/result.ts";
import { foldJournal } from "../../shared/case/fold.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Finding } from "../../shared/model/finding.ts";
import { resultDigest } from "../../shared/tables/digest.ts";
import { ipc } from "../data/ipc-client.ts";
import { rebuildCache } from "../data/rebuild-cache.ts";
import { getEngine, getIngest } from "../data/services.ts";
import { print, progress } from "./output.ts";
import type { JobEnd } from "./job-end.ts";

/** One thing that was checked. */
interface Line {
  readonly what: string;
  readonly holds: boolean;
  readonly why: string;
}

/** Exit code when something no longer holds. */
const NOT_ALL_HOLDS = 4;

/**
 * `inquest verify CASE`: the journal's hash chain, the originals' hashes, and
 * every finding's query, replayed over rows read anew from the originals.
 */
export async function verifyCase(path: string, json: boolean): Promise<JobEnd> {
  const opened = await ipc("case.open", { path });
  if (!opened.ok) return { code: 2, message: opened.error.message };
  const { journal, journalTrouble } = opened.value;
  const state = foldJournal(journal);
  const lines: Line[] = [
    journalTrouble.length === 0
      ? { what: "journal", holds: true, why: `${journal.length} lines, the hash chain is whole` }
      : { what: "journal", holds: false, why: journalTrouble.map((t) => t.message).join("; ") },
    ...(await originals(state)),
    ...(await findings(state)),
    ...(await exported(state)),
  ];
  const bad = lines.filter((l) => !l.holds).length;
  if (json)
    await print(
      `${JSON.stringify({ case: state.name, holds: bad === 0, checks: lines }, null, 2)}\n`,
    );
  else
    await print(
      lines.map((l) => `${l.holds ? "holds     " : "DOES NOT  "} ${l.what}: ${l.why}\n`).join(""),
    );
  return {
    code: bad === 0 ? 0 : NOT_ALL_HOLDS,
    message:
      bad === 0
        ? `All ${lines.length} checks hold.`
        : `${bad} of ${lines.length} checks do not hold.`,
  };
}

async function originals(state: CaseState): Promise<Line[]> {
  if (state.evidence.length === 0) return [];
  const lines: Line[] = [];
  // The members of an archive share their original.
  const hashes = new Map<string, Result<string, string>>();
  for (const { id, name, path, sha256 } of state.evidence) {
    await progress(`hashing ${name}`, lines.length / state.evidence.length);
    const hash = hashes.get(path) ?? (await hashNow(path));
    hashes.set(path, hash);
    lines.push(original(`${id} ${name}`, sha256, hash));
  }
  return lines;
}

async function hashNow(path: string): Promise<Result<string, string>> {
  const [granted] = await ipc("evidence.grant", { paths: [path] });
  if (granted?.ok !== true) return err(granted?.error.message ?? "cannot be read");
  const hash = await ipc("evidence.hash", { grantId: granted.grant.id });
  return hash.ok ? ok(hash.value.sha256) : err(hash.error.message);
}

function original(what: string, sha256: string, hash: Result<string, string>): Line {
  if (!hash.ok) return { what, holds: false, why: hash.error };
  return hash.value === sha256
    ? { what, holds: true, why: `SHA-256 ${sha256}` }
    : {
        what,
        holds: false,
        why: `the file changed: SHA-256 was ${sha256}, is ${hash.value}`,
      };
}

async function findings(state: CaseState): Promise<Line[]> {
  const engine = getEngine();
  const opened = await engine.open(null);
  if (!opened.ok) return [{ what: "findings", holds: false, why: opened.error.message }];
  const failures = await rebuildCache(state.evidence, {
    engine,
    ingest: getIngest(),
    onFile: (item, index, total) => void progress(`reading ${item.name}`, index / total),
  });
  const unread = new Set(failures.map((f) => f.evidence.id));
  const lines: Line[] = [];
  for (const [index, finding] of state.findings.entries()) {
    await progress(`replaying ${finding.title}`, index / state.findings.length);
    lines.push(await replay(finding, index + 1, unread));
  }
  return lines;
}

async function replay(
  finding: Finding,
  number: number,
  unread: ReadonlySet<string>,
): Promise<Line> {
  const what = `finding ${number} "${finding.title}"`;
  const { provenance } = finding;
  if (provenance === null) return { what, holds: true, why: "a note without a query" };
  const lost = finding.evidenceIds.filter((id) => unread.has(id));
  if (lost.length > 0)
    return { what, holds: false, why: `cannot be replayed without ${lost.join(", ")}` };
  const result = await getEngine().query(provenance.sql);
  if (!result.ok) return { what, holds: false, why: `its query failed: ${result.error.message}` };
  const { sha256 } = resultDigest(result.value);
  return sha256 === provenance.resultDigest
    ? { what, holds: true, why: `${provenance.resultRows} rows, digest ${sha256}` }
    : {
        what,
        holds: false,
        why: `its query answers differently: digest was ${provenance.resultDigest}, is ${sha256}`,
      };
}

async function exported(state: CaseState): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { path, sha256 } of state.exports) {
    const what = `report ${path}`;
    const [granted] = await ipc("evidence.grant", { paths: [path] });
    if (granted?.ok !== true) {
      lines.push({ what, holds: false, why: "the file is not where it was written" });
      continue;
    }
    const hash = await ipc("evidence.hash", { grantId: granted.grant.id });
    const same = hash.ok && hash.value.sha256 === sha256;
    lines.push({
      what,
      holds: same,
      why: same ? `SHA-256 ${sha256}` : "the file was changed after it was written",
    });
  }
  return lines;
}
