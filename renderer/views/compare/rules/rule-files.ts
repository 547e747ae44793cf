import { readSuite, suiteOf, type ReadSuite } from "../../../../shared/analysis/rules/suite.ts";
import type { RuleSet } from "../../../../shared/model/rules.ts";
import { ipc } from "../../../data/ipc-client.ts";
import { useCase } from "../../../state/case-store.ts";
import { useSession } from "../../../state/session-store.ts";

/** Writes the rules of a table as an expectation suite into `exports/` of the case. */
export async function exportSuite(set: RuleSet): Promise<void> {
  const { opened, append } = useCase.getState();
  const { notify } = useSession.getState();
  if (opened === null) return;
  const text = `${JSON.stringify(suiteOf(set), null, 2)}\n`;
  const safe = set.table.replaceAll(/[^\w-]+/g, "_");
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
  const name = `rules-${safe}-${stamp}.json`;
  const bytes = new TextEncoder().encode(text);
  const written = await ipc("case.writeExport", { path: opened.path, name, bytes });
  if (!written.ok) {
    notify({ kind: "error", message: `The rules were not written: ${written.error.message}` });
    return;
  }
  const at = new Date().toISOString();
  await append({ type: "report/exported", data: { ...written.value, format: "rules", at } });
  notify({ kind: "info", message: `Rules written: ${written.value.path}` });
}

/** Asks for a file and reads it as a suite; null where there is none, which has been said then. */
export async function chooseSuite(): Promise<ReadSuite | null> {
  const { notify } = useSession.getState();
  const [outcome] = await ipc("evidence.choose");
  if (outcome === undefined) return null;
  const read = outcome.ok
    ? await ipc("recipe.read", { path: outcome.grant.path })
    : { ok: false as const, error: outcome.error };
  if (!read.ok) {
    notify({ kind: "error", message: read.error.message });
    return null;
  }
  const suite = readSuite(read.value.text);
  if (!suite.ok) {
    notify({ kind: "error", message: suite.error });
    return null;
  }
  return suite.value;
}
