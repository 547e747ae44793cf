import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LogSet } from "./log-sets.ts";

export const DRAIN3 = "Drain3 0.9.11";

export type Drain3Result =
  | { readonly kind: "ran"; readonly sets: ReadonlyMap<string, MinedSet> }
  | { readonly kind: "skipped"; readonly reason: string };

export interface MinedSet {
  /** The template of each line. */
  readonly templates: readonly string[];
  readonly seconds: number;
}

/** Runs Drain3 on the same lines, in an environment of its own that is made once. */
export function runDrain3(sets: readonly LogSet[]): Drain3Result {
  const folder = resolve("dist/bench");
  const environment = join(folder, "drain3");
  const python = join(environment, "bin/python");
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["python3", "-m", "venv", environment],
    [python, "-m", "pip", "install", "--quiet", "--timeout", "15", "drain3==0.9.11"],
  ];
  const probe = spawnSync(python, ["-c", "import drain3"], { encoding: "utf8" });
  for (const [command = "", ...args] of probe.status === 0 ? [] : steps) {
    const { status, stderr, error } = spawnSync(command, args, {
      encoding: "utf8",
      timeout: 180_000,
    });
    if (status !== 0) return skipped(`${command} ${args.join(" ")}`, error?.message ?? stderr);
  }
  const input = join(folder, "drain3-sets.json");
  const output = join(folder, "drain3-result.json");
  writeFileSync(input, JSON.stringify(Object.fromEntries(sets.map((s) => [s.name, s.lines]))));
  const script = resolve("test/bench/templates/mine-with-drain3.py");
  const { status, stderr } = spawnSync(python, [script, input, output], {
    encoding: "utf8",
    timeout: 600_000,
  });
  if (status !== 0 || !existsSync(output)) return skipped("mine-with-drain3.py", stderr);
  const mined = JSON.parse(readFileSync(output, "utf8")) as Record<string, MinedSet>;
  return { kind: "ran", sets: new Map(Object.entries(mined)) };
}

function skipped(step: string, reason: string): Drain3Result {
  const last = reason.trim().split("\n").at(-1) ?? "";
  return { kind: "skipped", reason: `${step} failed: ${last || "no answer"}` };
}
