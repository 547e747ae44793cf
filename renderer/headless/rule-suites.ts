import { readSuite, tableOfSuite, type ReadSuite } from "../../shared/analysis/rules/suite.ts";
import { err, ok, type Result } from "../../shared/base/result.ts";
import type { RuleSet } from "../../shared/model/rules.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Window } from "../../shared/model/window.ts";
import type { CheckedRules } from "../../shared/report/report-input.ts";
import { ipc } from "../data/ipc-client.ts";
import type { getEngine } from "../data/services.ts";

interface SuiteFile {
  readonly file: string;
  readonly suite: ReadSuite;
}

/** Rules by table, and what of the suites could not be taken over. */
export interface BoundSuites {
  readonly sets: readonly RuleSet[];
  readonly unsupported: CheckedRules["unsupported"];
}

/** The expectation suites of a recipe. The error names the file. */
export async function readSuites(
  files: readonly string[],
  directory: string,
): Promise<Result<SuiteFile[], string>> {
  const suites: SuiteFile[] = [];
  for (const file of files) {
    const isAbsolute = /^(?:[\\/]|[A-Za-z]:)/.test(file);
    const read = await ipc("recipe.read", { path: isAbsolute ? file : `${directory}/${file}` });
    if (!read.ok) return err(`rules: ${read.error.message}`);
    const suite = readSuite(read.value.text);
    if (!suite.ok) return err(`${file}: ${suite.error}`);
    suites.push({ file, suite: suite.value });
  }
  return ok(suites);
}

/** Suites with the tables that they are for; one without a table is listed whole as not supported. */
export function bindSuites(
  suites: readonly SuiteFile[],
  tables: readonly TableMeta[],
): BoundSuites {
  const sets = new Map<string, RuleSet>();
  const unsupported: CheckedRules["unsupported"][number][] = [];
  for (const { file, suite } of suites) {
    unsupported.push(...suite.unsupported.map(({ type, why }) => ({ file, type, why })));
    const table = tableOfSuite(suite, tables);
    if (table === null) {
      const why = "no table of the case has the columns of this suite";
      unsupported.push(...suite.rules.map(({ type }) => ({ file, type, why })));
      continue;
    }
    const before = sets.get(table.name)?.rules ?? [];
    sets.set(table.name, { table: table.name, rules: [...before, ...suite.rules] });
  }
  return { sets: [...sets.values()], unsupported };
}

/** The rules checked on the incident; null where the recipe names none. */
export async function checkSuites(
  engine: ReturnType<typeof getEngine>,
  { sets, unsupported }: BoundSuites,
  tables: readonly TableMeta[],
  window: Window,
): Promise<CheckedRules | null> {
  if (sets.length === 0 && unsupported.length === 0) return null;
  const checked = await engine.analyse("checkRules", { tables, rules: sets, window });
  if (!checked.ok) throw new Error(`${checked.error.message}\n${checked.error.sql}`);
  return { results: checked.value, unsupported };
}
