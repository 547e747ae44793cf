import { moveTimes } from "../../shared/case/clock-correction.ts";
import type { CaseEvent } from "../../shared/case/events.ts";
import type { Grant, IpcError } from "../../shared/contract/ipc.ts";
import type { ImportOutcome, ImportProgress } from "../../shared/contract/worker.ts";
import type { ImportError } from "../../shared/importers/importer.ts";
import { removeEvidence } from "../../shared/importers/run-import.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Evidence, ImportOptions } from "../../shared/model/evidence.ts";
import { err, ok, type Result } from "../../shared/base/result.ts";
import type { EngineClient } from "./engine-client.ts";
import { CACHE_TABLE } from "./cache-table.ts";
import { correctClock } from "./correct-clock.ts";
import { ident } from "../../shared/tables/sql.ts";
import { ipc } from "./ipc-client.ts";
import type { IngestClient } from "./ingest-client.ts";

export interface ImportRequest {
  readonly grant: Grant;
  /** Registry name, or `auto`. */
  readonly importer: string;
  readonly options: ImportOptions;
  /**
   * What the original was found to be a moment ago, after another of its
   * members was read: then it is hashed only after the reading.
   */
  readonly sha256?: string | undefined;
  readonly caseState: CaseState;
  /** Appends to the journal; false when nothing was written. */
  readonly append: (...events: CaseEvent[]) => Promise<boolean>;
  readonly engine: EngineClient;
  readonly ingest: IngestClient;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Evidence with this content: the same original and the same part of it. */
export function sameEvidence(
  { evidence }: Pick<CaseState, "evidence">,
  sha256: string,
  member: string | undefined,
): Evidence | undefined {
  return evidence.find((e) => e.sha256 === sha256 && e.options.member === member);
}

/** `incident.zip › logs/a.log` for a part of an original. */
export function shownName(name: string, member: string | undefined): string {
  return member === undefined ? name : `${name} › ${member}`;
}

/** Number of an evidence id: `E12` is 12 in the column `_ev`. */
export function evidenceNumber(id: string): number {
  return Number(id.slice(1));
}

/** Ids are never used twice in a case, also not those of removed or failed files. */
export function nextEvidenceId(state: CaseState): string {
  return `E${state.lastEvidenceNumber + 1}`;
}

/**
 * One file into the case: `import-started`, rows into the database while the
 * bytes are hashed, then `imported`; or `import-ended` with the reason.
 * A file whose content is in the case already is refused with kind `duplicate`.
 */
export async function importEvidence(
  request: ImportRequest,
): Promise<Result<Evidence, ImportError>> {
  const { grant, importer, options, caseState, append, engine } = request;
  const hash = await hashOf(request);
  if (!hash.ok) return hash;
  const sha256 = hash.value;
  const same = sameEvidence(caseState, sha256, options.member);
  if (same !== undefined) {
    return err({
      kind: "duplicate",
      file: grant.path,
      message: `${shownName(grant.name, options.member)} has the same content as ${same.id} (${same.name}).`,
      advice: "It is in the case already; leave it out.",
    });
  }

  const id = nextEvidenceId(caseState);
  const started: CaseEvent = {
    type: "evidence/import-started",
    data: { id, path: grant.path, importer, options },
  };
  if (!(await append(started))) return err(notWritten(grant));

  const outcome = await readInto(request, evidenceNumber(id), sha256);
  if (!outcome.ok) {
    const { kind, message } = outcome.error;
    await append({
      type: "evidence/import-ended",
      data: { id, outcome: kind === "cancelled" ? "cancelled" : "failed", message },
    });
    return outcome;
  }
  const evidence = evidenceOf(id, grant, sha256, outcome.value, options);
  if (!(await append({ type: "evidence/imported", data: evidence }))) {
    await engine.inSession((session) =>
      removeEvidence(session, evidenceNumber(id), tableNames(evidence)),
    );
    return err(notWritten(grant));
  }
  return ok(evidence);
}

async function hashOf({ grant, sha256 }: ImportRequest): Promise<Result<string, ImportError>> {
  if (sha256 !== undefined) return ok(sha256);
  const hash = await ipc("evidence.hash", { grantId: grant.id });
  return hash.ok ? ok(hash.value.sha256) : err(fromIpc(grant, hash.error));
}

/** Rows of a file into the database, under this number, if its content is what it should be. */
export async function readInto(
  request: Pick<
    ImportRequest,
    "grant" | "importer" | "options" | "engine" | "ingest" | "signal" | "onProgress"
  >,
  number: number,
  sha256: string,
): Promise<Result<ImportOutcome, ImportError>> {
  const { grant, importer, options, engine, ingest, signal, onProgress } = request;
  const outcome = await ingest.importFile(grant, importer, options, number, {
    sha256,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (!outcome.ok) return outcome;
  // A member is read in parts of the archive, so that the archive is compared as a whole.
  const channel = options.member === undefined ? "evidence.readDigest" : "evidence.hash";
  const read = await ipc(channel, { grantId: grant.id });
  if (!read.ok || read.value.sha256 !== sha256) {
    await engine.inSession((session) =>
      removeEvidence(session, number, tableNames({ ...outcome.value.plan, ...outcome.value })),
    );
    return err({
      kind: "changed-while-reading",
      file: grant.path,
      message: `${grant.name} changed while it was being read.`,
      advice: "Make a copy that nothing writes to, and add the copy.",
    });
  }
  // Not yet durable: rows without this line are read again at the next start.
  await engine.query(`INSERT INTO ${ident(CACHE_TABLE)} VALUES (${number}, '${sha256}', 0)`);
  const { correctedMs = 0 } = options;
  if (correctedMs === 0) return outcome;
  const tables = tableNames({ ...outcome.value.plan, ...outcome.value });
  await engine.inSession((session) => correctClock(session, number, tables, correctedMs));
  return ok({ ...outcome.value, ...moveTimes(outcome.value, correctedMs, correctedMs, "") });
}

/** The tables that hold rows of a file. */
export function tableNames(evidence: Pick<Evidence, "table" | "further">): string[] {
  return [evidence.table, ...(evidence.further ?? []).map((f) => f.table)];
}

function evidenceOf(
  id: string,
  grant: Grant,
  sha256: string,
  outcome: ImportOutcome,
  { correctedMs }: ImportOptions,
): Evidence {
  const { plan, columns, rows, rejected, tableRows, from, to, notes, further } = outcome;
  return {
    id,
    path: grant.path,
    name: shownName(grant.name, plan.options.member),
    size: grant.size,
    mtimeMs: grant.mtimeMs,
    sha256,
    importer: plan.importer,
    // Importers know nothing of it: it is done when they have read.
    options: { ...plan.options, ...(correctedMs === undefined ? {} : { correctedMs }) },
    target: plan.target,
    table: plan.table,
    columns,
    rows,
    rejected,
    tableRows,
    from,
    to,
    notes,
    ...(further.length === 0 ? {} : { further }),
  };
}

function fromIpc(grant: Grant, error: IpcError): ImportError {
  return {
    kind: error.kind === "not-found" ? "vanished" : "unreadable",
    file: grant.path,
    message: error.message,
    advice: "Check that the file is there and that you may read it, then add it again.",
  };
}

function notWritten(grant: Grant): ImportError {
  return {
    kind: "disk-full",
    file: grant.path,
    message: `The journal of the case could not be written, so ${grant.name} was not imported.`,
    advice:
      "See the message at the top of the window; free space or make the case folder writable, then import again.",
  };
}
