import type { Audience } from "../../shared/model/reasoning.ts";
import type { PseudonymEntry } from "../../shared/redaction/pseudonyms.ts";
import { redactReport, type RedactionChoice } from "../../shared/report/redact-report.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { originalsIn } from "./exported-text.ts";
import { ipc } from "./ipc-client.ts";
import { readyReport, renderReport, type ReadyReport, type ReportFormat } from "./report.ts";

interface ExportedFile {
  readonly path: string;
  readonly format: string;
  readonly sha256: string;
}

/** The name of a file without its folder. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** `2026-11-24-013000`, for names of files. */
export function fileStamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
}

/** Writes bytes into `exports/` of the case and the journal. */
export async function writeExport(
  name: string,
  format: string,
  bytes: Uint8Array,
): Promise<ExportedFile> {
  const { opened, append } = useCase.getState();
  if (opened === null) throw new Error("No case is open.");
  const written = await ipc("case.writeExport", { path: opened.path, name, bytes });
  if (!written.ok) throw new Error(written.error.message);
  const at = new Date().toISOString();
  await append({ type: "report/exported", data: { ...written.value, format, at } });
  return { ...written.value, format };
}

/** The report without what may not leave; new pseudonyms go into the journal, so that they stay the same. */
export async function redacted(
  whole: ReadyReport,
  audience: Audience,
  choice: RedactionChoice,
): Promise<{ report: ReadyReport; originals: readonly PseudonymEntry[] }> {
  if (choice.kinds.length === 0) return { report: whole, originals: [] };
  const { input, pseudonyms } = redactReport(whole.input, choice);
  const entries = pseudonyms.entries();
  const known = new Set(whole.input.state.pseudonyms.map((p) => p.pseudonym));
  const fresh = entries.filter((e) => !known.has(e.pseudonym));
  if (fresh.length > 0) {
    const data = fresh.map(({ kind, value, pseudonym }) => ({ kind, value, pseudonym }));
    await useCase.getState().append({ type: "redaction/pseudonyms-given", data });
  }
  const hidden = entries.filter((e) => choice.kinds.includes(e.kind) && e.count > 0);
  return { report: readyReport(input, audience), originals: hidden };
}

/**
 * Renders and writes the report in each format; JSON last, since it names the
 * others. With a redaction each file is searched for what was to be hidden
 * before it is written; throws the sentence that refuses it.
 */
export async function exportReport(
  whole: ReadyReport,
  audience: Audience,
  formats: readonly ReportFormat[],
  choice: RedactionChoice,
): Promise<ExportedFile[]> {
  const { report, originals } = await redacted(whole, audience, choice);
  const stamp = fileStamp();
  const files: ExportedFile[] = [];
  for (const format of [...formats].sort((a, b) => Number(a === "json") - Number(b === "json"))) {
    const name = format === "json" ? `findings-${stamp}.json` : `report-${stamp}.${format}`;
    const bytes = await renderReport(report, format, files);
    const left = await originalsIn(report, format, bytes, originals);
    if (left !== null) throw new Error(left);
    files.push(await writeExport(name, format, bytes));
  }
  useSession.getState().notify({
    kind: "info",
    message: `Report written: ${files.map((f) => baseName(f.path)).join(", ")}.`,
  });
  return files;
}
