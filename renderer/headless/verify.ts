import { err, ok, type Result } from "../../shared/base/result.ts";
import { foldJournal } from "../../shared/case/fold.ts";
import type { Check } from "../../shared/bundle/check-bag.ts";
import type { JournalLine } from "../../shared/case/events.ts";
import type { HeadlessJob, IpcResult } from "../../shared/contract/ipc.ts";
import { FindingsFile } from "../../shared/model/findings-file.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Finding } from "../../shared/model/finding.ts";
import { resultDigest } from "../../shared/tables/digest.ts";
import { ipc } from "../data/ipc-client.ts";
import { rebuildCache } from "../data/rebuild-cache.ts";
import { getEngine, getIngest } from "../data/services.ts";
import { print, progress } from "./output.ts";
import type { JobEnd } from "./job-end.ts";

/** Exit code when something no longer holds. */
const NOT_ALL_HOLDS = 4;

type VerifyJob = Extract<HeadlessJob, { command: "verify" }>;

/**
 * `inquest verify CASE|BUNDLE`: the hashes of originals, the journal's chain,
 * every finding's query, replayed over rows read anew from the originals; of a
 * bundle also its manifests, its signature and its report files.
 */
export async function verify(job: VerifyJob): Promise<JobEnd> {
  const { target: path, passphraseFile, signer } = job;
  const bundle = await ipc("bundle.open", { path, passphraseFile, signer });
  if (!bundle.ok) {
    const { kind, message } = bundle.error;
    return { code: kind === "damaged" ? NOT_ALL_HOLDS : 2, message };
  }
  if (bundle.value !== null) {
    return told(await ofBundle(bundle.value, job), { bundle: path }, job.json);
  }
  if (signer !== null || passphraseFile !== null) {
    return {
      code: 2,
      message: `${path} is a case, not a bundle: it is neither signed nor encrypted.`,
    };
  }
  const opened = await ipc("case.open", { path });
  if (!opened.ok) return { code: 2, message: opened.error.message };
  const { journal, journalTrouble } = opened.value;
  const folded = foldJournal(journal);
  const state = await withOriginals(folded, {}, job.evidence);
  const checks = [
    journalCheck(journal, journalTrouble),
    ...(await originals(state, false)),
    ...(await findings(state)),
    ...(await exported(state)),
  ];
  return told(checks, { case: state.name }, job.json);
}

async function told(checks: readonly Check[], what: object, json: boolean): Promise<JobEnd> {
  const bad = checks.filter((c) => c.holds === false).length;
  const open = checks.filter((c) => c.holds === null).length;
  const lines = checks.map((c) => `${MARKS[String(c.holds)] ?? ""} ${c.what}: ${c.why}\n`);
  await print(
    json ? `${JSON.stringify({ ...what, holds: bad === 0, checks }, null, 2)}\n` : lines.join(""),
  );
  const unchecked = open === 0 ? "" : ` ${open} could not be checked.`;
  return bad === 0
    ? {
        code: 0,
        message: `${open === 0 ? "All " : ""}${checks.length - open} checks hold.${unchecked}`,
      }
    : {
        code: NOT_ALL_HOLDS,
        message: `${bad} of ${checks.length} checks do not hold.${unchecked}`,
      };
}

const MARKS: Readonly<Record<string, string>> = {
  true: "holds      ",
  false: "DOES NOT   ",
  null: "not checked",
};

function journalCheck(
  journal: readonly JournalLine[],
  trouble: readonly { readonly message: string }[],
): Check {
  return trouble.length === 0
    ? { what: "journal", holds: true, why: `${journal.length} lines, the hash chain is whole` }
    : { what: "journal", holds: false, why: trouble.map((t) => t.message).join("; ") };
}

type Bundle = NonNullable<Extract<IpcResult<"bundle.open">, { ok: true }>["value"]>;

async function ofBundle(bundle: Bundle, job: VerifyJob): Promise<Check[]> {
  const file = readFindings(bundle.findings);
  const reports = reportFiles(file, bundle.reports);
  if (bundle.journal === null) {
    const why = "the bundle holds no journal: it was redacted, and its findings cannot be replayed";
    return [...bundle.checks, { what: "journal", holds: null, why }, ...reports];
  }
  const folded = foldJournal(bundle.journal);
  const state = await withOriginals(folded, bundle.originals, job.evidence);
  return [
    ...bundle.checks,
    journalCheck(bundle.journal, bundle.journalTrouble),
    ...reports,
    ...(file === null ? [] : [agreement(file, state)]),
    ...(await originals(state, true)),
    ...(await findings(state)),
  ];
}

function readFindings(text: string | null): FindingsFile | null {
  if (text === null) return null;
  try {
    const parsed = FindingsFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The report's other formats, by the hashes that findings.json has of them. */
function reportFiles(file: FindingsFile | null, found: Readonly<Record<string, string>>): Check[] {
  if (file === null) {
    return [{ what: "findings.json", holds: null, why: "it is not there or cannot be read" }];
  }
  return file.report_files.map(({ path, sha256 }) => {
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    const what = `report ${name}`;
    const now = found[name];
    if (now === undefined) return { what, holds: false, why: "it is not in the bundle" };
    return now === sha256
      ? { what, holds: true, why: `SHA-256 ${sha256}` }
      : { what, holds: false, why: `its SHA-256 was ${sha256}, is ${now}` };
  });
}

/** findings.json must say what the journal says. */
function agreement(file: FindingsFile, state: CaseState): Check {
  const what = "findings.json and journal";
  const other = file.findings.flatMap((f, i) => {
    const own = state.findings.find((s) => s.id === f.id);
    const same =
      own?.title === f.title && own.provenance?.resultDigest === f.provenance?.resultDigest;
    return same ? [] : [`finding ${i + 1} “${f.title}”`];
  });
  return other.length === 0
    ? { what, holds: true, why: `${file.findings.length} findings, the same in both` }
    : { what, holds: false, why: `not the same in both: ${other.join(", ")}` };
}

/** The case with the paths at which its originals are now: in the bundle, in a folder, or where they were. */
async function withOriginals(
  state: CaseState,
  unpacked: Readonly<Record<string, string>>,
  folder: string | null,
): Promise<CaseState> {
  const moved = new Map<string, string>();
  for (const { id, path } of state.evidence) {
    const place = unpacked[id];
    if (place !== undefined) moved.set(path, place);
  }
  const rest = state.evidence.filter((e) => !moved.has(e.path));
  if (folder !== null && rest.length > 0) {
    const patterns = rest.map((e) => `**/${baseName(e.path)}`);
    const matches = await ipc("recipe.match", { directory: folder, patterns });
    for (const [i, e] of rest.entries()) {
      const place = matches.ok ? matches.value[i]?.[0] : undefined;
      if (place !== undefined) moved.set(e.path, place);
    }
  }
  return {
    ...state,
    evidence: state.evidence.map((e) => ({ ...e, path: moved.get(e.path) ?? e.path })),
  };
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** `mayLack`: a bundle need not hold its originals. */
async function originals(state: CaseState, mayLack: boolean): Promise<Check[]> {
  if (state.evidence.length === 0) return [];
  const lines: Check[] = [];
  // The members of an archive share their original.
  const hashes = new Map<string, Result<string, string>>();
  for (const { id, name, path, sha256 } of state.evidence) {
    await progress(`hashing ${name}`, lines.length / state.evidence.length);
    const hash = hashes.get(path) ?? (await hashNow(path));
    hashes.set(path, hash);
    lines.push(original(`${id} ${name}`, sha256, hash, mayLack));
  }
  return lines;
}

async function hashNow(path: string): Promise<Result<string, string>> {
  const [granted] = await ipc("evidence.grant", { paths: [path] });
  if (granted?.ok !== true) return err(granted?.error.message ?? "cannot be read");
  const hash = await ipc("evidence.hash", { grantId: granted.grant.id });
  return hash.ok ? ok(hash.value.sha256) : err(hash.error.message);
}

function original(
  what: string,
  sha256: string,
  hash: Result<string, string>,
  mayLack: boolean,
): Check {
  if (!hash.ok) {
    if (!mayLack) return { what, holds: false, why: hash.error };
    const why = `it is not in the bundle, and ${hash.error} Say where it is with --evidence DIR.`;
    return { what, holds: null, why };
  }
  return hash.value === sha256
    ? { what, holds: true, why: `SHA-256 ${sha256}` }
    : {
        what,
        holds: false,
        why: `the file changed: SHA-256 was ${sha256}, is ${hash.value}`,
      };
}

async function findings(state: CaseState): Promise<Check[]> {
  const engine = getEngine();
  const opened = await engine.open(null);
  if (!opened.ok) return [{ what: "findings", holds: false, why: opened.error.message }];
  const failures = await rebuildCache(state.evidence, {
    engine,
    ingest: getIngest(),
    onFile: (item, index, total) => void progress(`reading ${item.name}`, index / total),
  });
  const unread = new Set(failures.map((f) => f.evidence.id));
  const lines: Check[] = [];
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
): Promise<Check> {
  const what = `finding ${number} "${finding.title}"`;
  const { provenance } = finding;
  if (provenance === null) return { what, holds: true, why: "a note without a query" };
  const lost = finding.evidenceIds.filter((id) => unread.has(id));
  if (lost.length > 0)
    return { what, holds: null, why: `cannot be replayed without ${lost.join(", ")}` };
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

async function exported(state: CaseState): Promise<Check[]> {
  const lines: Check[] = [];
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
