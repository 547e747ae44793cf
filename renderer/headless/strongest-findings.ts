import type { Comparison } from "../../shared/model/comparison.ts";
import type { Finding } from "../../shared/model/finding.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Windows } from "../../shared/model/window.ts";
import { findingFromShift } from "../../shared/reasoning/make-finding.ts";
import { findingFromSuspect } from "../../shared/reasoning/suspect-finding.ts";
import type { Engine } from "../../shared/tables/engine.ts";

/** Suspects and shifts that become findings by themselves when no person chooses. */
export const TOP_SUSPECTS = 3;
const TOP_SHIFTS = 5;

/** The first suspects and the strongest other shifts, each told once. */
export async function strongestFindings(
  engine: Engine,
  windows: Windows,
  comparison: Comparison,
  suspects: readonly Suspect[],
  tables: readonly TableMeta[],
): Promise<Finding[]> {
  const columns = comparison.tables.flatMap((t) => t.columns);
  const columnOf = (shiftIds: readonly string[]) =>
    columns.find((c) => c.shifts.some((s) => shiftIds.includes(s.id))) ?? null;
  const fresh = () => ({ id: crypto.randomUUID(), createdAt: new Date().toISOString() });
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const suspect of suspects.slice(0, TOP_SUSPECTS)) {
    const column = columnOf(suspect.shiftIds);
    const shifts = column?.shifts ?? comparison.shifts;
    const shift = shifts.find((s) => suspect.shiftIds.includes(s.id)) ?? null;
    findings.push(
      await findingFromSuspect(engine, fresh(), suspect, column, shift, { ...windows }, tables),
    );
    // An event points at the shifts that followed it; it does not show them.
    if (suspect.kind !== "event") for (const id of suspect.shiftIds) told.add(id);
  }
  const others = comparison.shifts.filter((s) => s.verdict === "major" && !told.has(s.id));
  for (const shift of others.slice(0, TOP_SHIFTS)) {
    const column = columnOf([shift.id]);
    if (column !== null) {
      findings.push(await findingFromShift(engine, fresh(), column, shift, { ...windows }));
    }
  }
  return findings;
}
