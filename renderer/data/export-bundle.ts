import { sha256 } from "../../shared/base/sha256.ts";
import { caseUco } from "../../shared/bundle/case-uco.ts";
import type { Audience } from "../../shared/model/reasoning.ts";
import { reviewOf } from "../../shared/model/review.ts";
import type { RedactionChoice } from "../../shared/report/redact-report.ts";
import { writeRecipe } from "../../shared/report/write-recipe.ts";
import { findOriginals } from "../../shared/redaction/search-originals.ts";
import type { PseudonymEntry } from "../../shared/redaction/pseudonyms.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { baseName, fileStamp, redacted } from "./export-report.ts";
import { originalsIn } from "./exported-text.ts";
import { ipc } from "./ipc-client.ts";
import { renderReport, type ReadyReport, type ReportFormat } from "./report.ts";

export interface BundleChoice {
  readonly formats: readonly ReportFormat[];
  /** Originals go along; else only what identifies them. */
  readonly evidence: boolean;
  /** Null: not encrypted. */
  readonly passphrase: string | null;
  /** Null: not signed. */
  readonly signer: string | null;
}

interface BagEntry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes one archive for somebody else: report, findings, recipe, the case as
 * CASE/UCO, the list of the evidence, and, unless something is redacted, the
 * journal and the evidence itself. Throws the sentence that refuses it.
 */
export async function exportBundle(
  whole: ReadyReport,
  audience: Audience,
  choice: BundleChoice,
  redaction: RedactionChoice,
): Promise<{ path: string; sha256: string; fingerprint: string | null }> {
  const { opened, append } = useCase.getState();
  if (opened === null) throw new Error("No case is open.");
  const { report, originals } = await redacted(whole, audience, redaction);
  const isRedacted = redaction.kinds.length > 0;
  const files = [
    ...(await reportFiles(report, choice.formats, originals)),
    ...caseFiles(report, opened.file.id, originals),
  ];
  const { status, version } = reviewOf(report.input.state);
  const name = `bundle-${fileStamp()}`;
  const written = await ipc("bundle.write", {
    path: opened.path,
    name,
    files,
    journal: !isRedacted,
    evidence: choice.evidence && !isRedacted,
    info: [
      ["Bagging-Date", new Date().toISOString().slice(0, 10)],
      ["Bag-Software-Agent", `Inquest ${report.input.version}`],
      ["External-Description", `Root cause analysis: ${report.input.state.name}`],
      ["Internal-Sender-Description", `Report ${status}, version ${version}`],
      ["Redacted", isRedacted ? `yes: ${redaction.kinds.join(", ")}; without the journal` : "no"],
    ],
    passphrase: choice.passphrase,
    signer: choice.signer,
  });
  if (!written.ok) throw new Error(written.error.message);
  const { path, sha256: hash } = written.value;
  const at = new Date().toISOString();
  await append({ type: "report/exported", data: { path, sha256: hash, format: "bundle", at } });
  useSession.getState().notify({ kind: "info", message: `Bundle written: ${baseName(path)}.` });
  return written.value;
}

async function reportFiles(
  report: ReadyReport,
  formats: readonly ReportFormat[],
  originals: readonly PseudonymEntry[],
): Promise<BagEntry[]> {
  const files: BagEntry[] = [];
  const listed: { path: string; format: string; sha256: string }[] = [];
  // findings.json names the others, so it comes last; a bundle always has it.
  for (const format of [...formats.filter((f) => f !== "json"), "json" as const]) {
    const name = format === "json" ? "findings.json" : `report.${format}`;
    const bytes = await renderReport(report, format, listed);
    const left = await originalsIn(report, format, bytes, originals);
    if (left !== null) throw new Error(left);
    files.push({ path: `data/report/${name}`, bytes });
    if (format !== "json") listed.push({ path: name, format, sha256: await hashOf(bytes) });
  }
  return files;
}

/** What the case is, for other programs. */
function caseFiles(
  { input }: ReadyReport,
  caseId: string,
  originals: readonly PseudonymEntry[],
): BagEntry[] {
  const { state, generatedAt: createdAt, version } = input;
  const recipe = writeRecipe(state);
  const manifest = state.evidence.map((e) => ({
    id: e.id,
    name: e.name,
    path: e.path,
    ...(e.options.member === undefined ? {} : { member: e.options.member }),
    bytes: e.size,
    sha256: e.sha256,
    rows: e.rows,
    rejected: e.rejected,
  }));
  const graph = caseUco({ caseId, state, createdAt, version, hash: sha256 });
  const texts = [
    { path: "data/evidence-manifest.json", text: json(manifest) },
    { path: "data/case-uco.jsonld", text: json(graph) },
    ...(recipe === null ? [] : [{ path: "data/case/recipe.yaml", text: recipe }]),
  ];
  for (const { path, text } of texts) {
    const [first] = findOriginals(text, originals);
    if (first !== undefined) {
      throw new Error(
        `The bundle was not written: a value of the kind “${first.kind}” is still in ${path}. Nothing left the case.`,
      );
    }
  }
  return texts.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
