import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IMPORTERS } from "../../../shared/importers/index.ts";
import { WidenColumn, type Importer } from "../../../shared/importers/importer.ts";
import type { ImportOptions } from "../../../shared/model/evidence.ts";
import { JSON_FAMILIES, type Drawn, type FileFamily } from "../../support/generated-files.ts";
import { readAll, type Reading } from "./rows.ts";

function importerOf(id: string): Importer {
  const found = IMPORTERS.find((i) => i.id === id);
  if (found === undefined) throw new Error(`no importer ${id}`);
  return found;
}

/** As the runner does: a column whose type does not hold makes the reading start again. */
async function readWidening(importer: Importer, content: string, name: string, chunk: number): Promise<Reading> {
  let options: ImportOptions = {};
  for (;;) {
    try {
      return await readAll(importer, content, { name, chunk, options });
    } catch (thrown) {
      if (!(thrown instanceof WidenColumn)) throw thrown;
      options = { ...options, types: { ...options.types, [thrown.column]: thrown.to } };
    }
  }
}
const families: readonly FileFamily[] = JSON_FAMILIES;
describe("probe", () => {
  test.each(families.map((f) => [`${f.importer}: ${f.kind}`, f] as const))("%s", async (_, family) => {
    const g = (number: number, damage = 0): Drawn => ({ damage, number });
    const out: string[] = [];
    for (let d = 0; d <= family.damages; d++) {
      try {
        const r = await readWidening(importerOf(family.importer), family.make([g(1), g(2, d), g(3)]), family.file, 65536);
        const total = r.rows.length + r.further.reduce((n, f) => n + f.rows.length, 0);
        const ok = r.accepted + r.rejects.length === 3;
        if (!ok || d === 0) out.push(`${ok ? "ok " : "BAD"} d${d}: accepted ${r.accepted} rows ${total} rejects ${r.rejects.length} ${JSON.stringify(r.rejects.map(x=>x.reason))} notes ${JSON.stringify(r.notes)}`);
      } catch (e) { out.push(`THROW d${d}: ${e}`); }
    }
    console.log(family.importer, family.kind, "\n  " + out.join("\n  "));
    expect(fc).toBeDefined();
  });
});
