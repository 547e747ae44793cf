import { tablesOfEvidence } from "../../../shared/analysis/tables-of-case.ts";
import { unwrap } from "../../../shared/base/result.ts";
import { runImport } from "../../../shared/importers/run-import.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Engine } from "../../../shared/tables/engine.ts";
import { sourceOf } from "../../support/sources.ts";

export interface InputFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Table of a person's choice, for files that belong together and are not named alike. */
  readonly table?: string;
}

const NOW = Date.UTC(2026, 11, 31);

/**
 * Files as the product imports them: format, types, roles and time column are
 * found by itself.
 */
export async function importTables(
  engine: Engine,
  files: readonly InputFile[],
): Promise<TableMeta[]> {
  const evidence: Evidence[] = [];
  for (const [k, { name, content, table }] of files.entries()) {
    const source = await sourceOf(content, { name });
    const options = table === undefined ? {} : { table };
    const settings = { signal: new AbortController().signal, now: NOW };
    const { plan, ...outcome } = unwrap(
      await runImport(engine, source, "auto", options, k + 1, settings),
    );
    evidence.push({
      ...{ id: `E${String(k + 1)}`, path: name, name, size: source.size, mtimeMs: NOW },
      ...{ sha256: "", importer: plan.importer, options, target: plan.target, table: plan.table },
      ...outcome,
    });
  }
  return tablesOfEvidence(evidence);
}
