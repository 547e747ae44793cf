import type { TestHook } from "../../../renderer/data/test-hook.ts";
import { cleanUp, launch } from "../../support/app.ts";
import { largestMemory, memoryOf } from "../memory.ts";
import { wideTable, wideTableSql, WINDOWS } from "./wide-table.ts";

export interface WindowMeasured {
  readonly rows: number;
  readonly seconds: number;
  /** All processes of the application before there is a table. */
  readonly idleBytes: number;
  /** The most of all of them while the windows were compared. */
  readonly peakBytes: number;
}

/**
 * The comparison in the real window, with the table in the case's database file.
 * The application is started again after the table was made, as a case is opened
 * on another day. Linux only.
 */
export async function measureInWindow(rows: number): Promise<WindowMeasured> {
  const first = await launch();
  let closed = false;
  try {
    await first.page.waitForFunction(() => window.__inquestTest !== undefined);
    first.page.setDefaultTimeout(0);
    const made = await first.page.evaluate(async (sql) => {
      const { engine } = window.__inquestTest as TestHook;
      const opened = await engine.open("bench");
      const answer = opened.ok ? await engine.query(sql) : opened;
      const written = answer.ok ? await engine.checkpoint() : answer;
      return written.ok ? "" : written.error.message;
    }, wideTableSql(rows));
    if (made !== "") throw new Error(made);
    await first.close();
    closed = true;
    return await compareIn({ userData: first.userData, scratch: first.scratch }, rows);
  } finally {
    if (!closed) await first.close();
    cleanUp(first);
  }
}

async function compareIn(
  where: { userData: string; scratch: string },
  rows: number,
): Promise<WindowMeasured> {
  const launched = await launch(where);
  try {
    const { page } = launched;
    await page.waitForFunction(() => window.__inquestTest !== undefined);
    page.setDefaultTimeout(0);
    const root = launched.app.process().pid ?? 0;
    const idleBytes = memoryOf(root);
    const { most, value } = await largestMemory(root, () =>
      page.evaluate(
        async ({ table, windows }) => {
          const { engine } = window.__inquestTest as TestHook;
          const opened = await engine.open("bench");
          if (!opened.ok) return opened.error.message;
          const started = performance.now();
          const answer = await engine.analyse("compareAll", { tables: [table], windows });
          const seconds = (performance.now() - started) / 1000;
          if (!answer.ok) return answer.error.message;
          return { seconds, columns: answer.value.tables[0]?.columns.length ?? 0 };
        },
        { table: wideTable(rows), windows: WINDOWS },
      ),
    );
    if (typeof value === "string") throw new Error(value);
    if (value.columns < 40) throw new Error(`${String(value.columns)} columns, not 40`);
    return { rows, seconds: value.seconds, idleBytes, peakBytes: most };
  } finally {
    await launched.close();
  }
}
