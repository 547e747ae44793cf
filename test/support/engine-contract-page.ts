import { tableFromIPC } from "apache-arrow";
import type { EngineClient } from "../../renderer/data/engine-client.ts";
import { ok } from "../../shared/base/result.ts";
import type { Engine } from "../../shared/tables/engine.ts";
import { ENGINE_CONTRACT } from "./engine-contract.ts";

/**
 * One test of the contract in the page, against the window's engine; "holds",
 * or why it does not. Bundled on its own: it decodes results itself, since the
 * classes of the application's copy of Arrow are not those of this one.
 */
export async function runContractTest(index: number, client: EngineClient): Promise<string> {
  const engine: Engine = {
    query: async (sql, options) => {
      const bytes = await client.queryBytes(sql, options);
      return bytes.ok ? ok(tableFromIPC(bytes.value)) : bytes;
    },
    insertArrow: (table, ipc, options) => client.insertArrow(table, ipc, options),
    checkpoint: () => client.checkpoint(),
  };
  await client.deleteDatabase("contract");
  const opened = await client.open("contract");
  if (!opened.ok) return opened.error.message;
  try {
    await ENGINE_CONTRACT[index]?.run(engine, { cancelsMidway: true });
    return "holds";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
