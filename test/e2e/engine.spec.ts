import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import type { InquestBridge } from "../../shared/contract/ipc.ts";
import type { TestHook } from "../../renderer/data/test-hook.ts";
import { ENGINE_CONTRACT } from "../support/engine-contract.ts";
import type * as EngineContractPage from "../support/engine-contract-page.ts";
import { cleanUp, launch, type Launched } from "../support/app.ts";

declare global {
  interface Window {
    readonly inquest: InquestBridge;
    /** The contract, bundled for the page. */
    engineContract: typeof EngineContractPage;
  }
}

let contractBundle: string;
test.beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ["test/support/engine-contract-page.ts"],
    bundle: true,
    format: "iife",
    globalName: "engineContract",
    target: "chrome114",
    write: false,
  });
  contractBundle = outputFiles[0]?.text ?? "";
});

async function launchWithHook(options: Parameters<typeof launch>[0] = {}): Promise<Launched> {
  const launched = await launch(options);
  await launched.page.waitForFunction(() => window.__inquestTest !== undefined);
  return launched;
}

test("the engine in the window keeps its contract", async () => {
  test.setTimeout(300_000);
  const launched = await launchWithHook();
  const { page } = launched;
  // As an expression of the debugger: the page itself may not evaluate text.
  await page.evaluate(`${contractBundle}; window.engineContract = engineContract;`);
  for (const [index, { name }] of ENGINE_CONTRACT.entries()) {
    await test.step(name, async () => {
      const outcome = await page.evaluate(
        (i) => window.engineContract.runContractTest(i, window.__inquestTest!.engine),
        index,
      );
      expect(outcome).toBe("holds");
    });
  }
  await launched.close();
  cleanUp(launched);
});

test("what was imported survives SIGKILL, exactly", async () => {
  const folder = mkdtempSync(join(tmpdir(), "inquest-engine-"));
  const file = join(folder, "metrics.csv");
  const lines = Array.from(
    { length: 250_000 },
    (_, i) => `${new Date(Date.UTC(2024, 4, 1) + i * 1000).toISOString()},cpu,${(i * 7) % 1000}\n`,
  );
  writeFileSync(file, `time,metric,value\n${lines.join("")}`);

  const first = await launchWithHook();
  const imported = await first.page.evaluate(importInto, file);
  expect(imported).toEqual({ rows: 250_000, rejected: 0 });
  const before = await first.page.evaluate(sumsOf);
  // A commit after a checkpoint, with none of its own.
  const small = await first.page.evaluate(sqlWorks, "CREATE TABLE small AS SELECT 7 AS x");
  expect(small).toBe(true);
  await first.kill();

  const second = await launchWithHook({ userData: first.userData, scratch: first.scratch });
  expect(await second.page.evaluate(() => window.__inquestTest!.engine.open("durable"))).toEqual({
    ok: true,
    value: { recreated: false },
  });
  expect(await second.page.evaluate(sumsOf)).toEqual(before);
  const kept = await second.page.evaluate(sqlWorks, "SELECT x FROM small");
  expect(kept).toBe(true);
  await second.close();
  cleanUp(second);
  rmSync(folder, { recursive: true });
});

test("a trap of the wasm module is an error value, and what was committed is there afterwards", async () => {
  const launched = await launchWithHook();
  const answers = await launched.page.evaluate(async () => {
    const { engine } = window.__inquestTest!;
    await engine.open("trap");
    await engine.query("CREATE TABLE kept AS SELECT * FROM range(1000)");
    await engine.query("SET max_expression_depth = 10000000");
    // Deeper than the stack of the module: it can only trap.
    const trap = await engine.query(`SELECT ${"1+".repeat(300_000)}1`);
    const after = await engine.query("SELECT * FROM kept");
    return {
      trap: trap.ok ? "ok" : trap.error.kind,
      rows: after.ok ? after.value.numRows : after.error.message,
    };
  });
  expect(answers).toEqual({ trap: "crashed", rows: 1000 });
  await launched.close();
  cleanUp(launched);
});

test("a query that the usual memory does not do for gets more", async () => {
  const launched = await launchWithHook();
  const answers = await launched.page.evaluate(async () => {
    const { engine } = window.__inquestTest!;
    await engine.open("roomy");
    const limit = async () => {
      const answer = await engine.query("SELECT current_setting('memory_limit') AS x");
      return answer.ok ? String(answer.value.get(0)?.toJSON()["x"]) : answer.error.message;
    };
    const before = await limit();
    // One value of 396 MB, which grows by doubling: nothing of it can be put aside.
    const sql = "SELECT strlen(string_agg(repeat('x', 72), '')) AS n FROM range(5500000)";
    const answer = await engine.query(sql);
    const n = answer.ok ? Number(answer.value.get(0)?.toJSON()["n"]) : answer.error.message;
    return { before, n };
  });
  expect(answers).toEqual({ before: "488.2 MiB", n: 396_000_000 });
  await launched.close();
  cleanUp(launched);
});

test("results are let go of once they were read", async () => {
  const launched = await launchWithHook();
  const { app, page } = launched;
  const megabytes = () =>
    app.evaluate(({ app: main }) =>
      main.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize / 1000, 0),
    );
  await page.evaluate(() => window.__inquestTest!.engine.open("lean"));
  const before = await megabytes();
  // 1,600 MB of results, of which at most a few are in memory at a time.
  const bytes = await page.evaluate(async () => {
    const { engine } = window.__inquestTest!;
    let sum = 0;
    for (let k = 0; k < 40; k++) {
      const answer = await engine.query(
        `SELECT list(i::DOUBLE) AS x FROM range(${String(5_000_000 + k)}) r(i)`,
      );
      if (!answer.ok) return answer.error.message;
      sum += 8 * (answer.value.get(0)?.toJSON()["x"] as { length: number }).length;
    }
    return sum;
  });
  expect(bytes).toBeGreaterThan(1.6e9);
  expect((await megabytes()) - before).toBeLessThan(1000);
  await launched.close();
  cleanUp(launched);
});

test("a damaged database is replaced, and the answer says so", async () => {
  const launched = await launchWithHook();
  const opened = await launched.page.evaluate(async () => {
    const { engine } = window.__inquestTest!;
    const root = await navigator.storage.getDirectory();
    const file = await (
      await root.getFileHandle("damaged.duckdb", { create: true })
    ).createWritable();
    await file.write("this is no database".repeat(1000));
    await file.close();
    const answer = await engine.open("damaged");
    const works = await engine.query("CREATE TABLE t AS SELECT 1 AS x");
    return { answer, works: works.ok };
  });
  expect(opened).toEqual({ answer: { ok: true, value: { recreated: true } }, works: true });
  await launched.close();
  cleanUp(launched);
});

/** Runs in the page: a file into a new database, by the way of every import. */
async function importInto(path: string): Promise<{ rows: number; rejected: number } | string> {
  const { engine, ingest } = window.__inquestTest as TestHook;
  await engine.deleteDatabase("durable");
  await engine.open("durable");
  const granted = (await window.inquest.invoke("evidence.grant", { paths: [path] })) as {
    grant: Parameters<typeof ingest.importFile>[0];
  }[];
  const answer = await ingest.importFile(granted[0]!.grant, "auto", {}, 1);
  return answer.ok
    ? { rows: answer.value.rows, rejected: answer.value.rejected }
    : answer.error.message;
}

/** Runs in the page: figures that change when a row is lost or doubled. */
async function sumsOf(): Promise<unknown> {
  const { engine } = window.__inquestTest as TestHook;
  const answer = await engine.query(
    "SELECT count(*)::DOUBLE AS n, sum(value) AS v, sum(_line)::DOUBLE AS l, max(ts)::VARCHAR AS last FROM metrics",
  );
  if (!answer.ok) return answer.error.message;
  return (answer.value.toArray() as { toJSON(): unknown }[]).map((row) => row.toJSON());
}

/** Runs in the page. */
async function sqlWorks(sql: string): Promise<boolean> {
  return (await (window.__inquestTest as TestHook).engine.query(sql)).ok;
}
