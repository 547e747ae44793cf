import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { wideTableSql } from "./wide-table.ts";

export interface Peer {
  readonly name: string;
  /** In `test/bench/peers`. */
  readonly script: string;
  readonly needs: readonly string[];
}

export interface PeerRun {
  readonly name: string;
  readonly version: string;
  readonly seconds: number;
  readonly peakBytes: number;
  /** Columns it called drifted or significantly different. */
  readonly drifted: number;
}

export interface PeersResult {
  readonly runs: PeerRun[];
  readonly skipped: { name: string; reason: string }[];
}

export const PEERS: readonly Peer[] = [
  { name: "Evidently", script: "evidently_drift.py", needs: ["evidently", "pyarrow"] },
  { name: "NannyML", script: "nannyml_drift.py", needs: ["nannyml", "pyarrow"] },
  { name: "pandas+SciPy", script: "scipy_tests.py", needs: ["pandas", "scipy", "pyarrow"] },
];

/** Names the Python of a virtual environment that has the peers. */
export const PYTHON = "INQUEST_PEERS_PYTHON";
const LONGEST_MS = 30 * 60_000;
/** Without this they wait in vain for a network to count their use. */
const ALONE = { NML_DISABLE_USAGE_LOGGING: "1", DO_NOT_TRACK: "1" };

/**
 * Runs every peer that Python has at hand on the same rows and columns. Reading
 * the file is not part of a peer's time, as the import is not part of ours.
 */
export async function runPeers(rows: number): Promise<PeersResult> {
  const python = process.env[PYTHON] ?? "python3";
  const runs: PeerRun[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const folder = mkdtempSync(join(tmpdir(), "inquest-peers-"));
  try {
    const file = join(folder, "wide.parquet");
    for (const peer of PEERS) {
      const lacking = whyNot(python, peer);
      if (lacking !== null) {
        skipped.push({ name: peer.name, reason: lacking });
        continue;
      }
      if (!existsSync(file)) await writeParquet(file, rows);
      process.stderr.write(`${peer.name}…\n`);
      const run = runPeer(python, peer, file, join(folder, `${peer.script}.json`));
      if (typeof run === "string") skipped.push({ name: peer.name, reason: run });
      else runs.push(run);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { runs, skipped };
}

/** Why a peer cannot run; null when it can. */
function whyNot(python: string, peer: Peer): string | null {
  const probe = spawnSync(python, ["-c", `import ${peer.needs.join(", ")}`], { encoding: "utf8" });
  if (probe.status === 0) return null;
  const reason = probe.error?.message ?? lastLine(probe.stderr);
  return `${python} cannot import ${peer.needs.join(", ")} (${reason}); name a Python that can in ${PYTHON}`;
}

function runPeer(python: string, peer: Peer, file: string, output: string): PeerRun | string {
  const script = resolve("test/bench/peers", peer.script);
  const { status, stderr, error } = spawnSync(python, [script, file, output], {
    encoding: "utf8",
    env: { ...process.env, ...ALONE },
    timeout: LONGEST_MS,
  });
  if (status !== 0 || !existsSync(output)) {
    return `${peer.script} failed: ${error?.message ?? lastLine(stderr)}`;
  }
  const run = JSON.parse(readFileSync(output, "utf8")) as Omit<PeerRun, "name">;
  return { name: peer.name, ...run };
}

/** The same table, written by native DuckDB: that of the window has no Parquet. */
async function writeParquet(file: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    await connection.run(wideTableSql(rows));
    await connection.run(
      `COPY (SELECT * EXCLUDE (_ev, _line, _off) FROM wide) TO '${file}' (FORMAT parquet)`,
    );
  } finally {
    instance.closeSync();
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "no answer";
}
