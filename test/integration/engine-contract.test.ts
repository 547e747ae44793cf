import { describe, it } from "vitest";
import { ENGINE_CONTRACT } from "../support/engine-contract.ts";
import { createNodeEngine } from "../support/node-engine.ts";

describe("the engine in Node", () => {
  for (const { name, run } of ENGINE_CONTRACT) {
    it(name, async () => {
      const engine = await createNodeEngine();
      try {
        await run(engine, { cancelsMidway: false });
      } finally {
        await engine.close();
      }
    });
  }
});
