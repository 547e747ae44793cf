import * as fs from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { ensureAll, withDisplay } from "./setup.mjs";
import { callerDirectory, root, run, runMain, say, SetupError } from "./tools.mjs";

const SOURCES = join(root, "test", "bench");
const SUFFIX = ".bench.ts";

await runMain(async () => {
  const { names, json, data } = parse(process.argv.slice(2));
  const electron = ensureAll();
  await build();
  const results = {};
  await withDisplay(async () => {
    for (const name of names) results[name] = await runBench(name, data);
  });
  const all = Object.values(results);
  const report = {
    machine: machine(),
    versions: versions(electron),
    rows: all.flatMap(({ rows }) => rows),
    skipped: all.flatMap(({ skipped = [] }) => skipped),
    // The keys of one benchmark's summary are fixed; several are kept apart by name.
    summary:
      all.length === 1
        ? all[0].summary
        : Object.fromEntries(Object.entries(results).map(([name, { summary }]) => [name, summary])),
  };
  printTable(report.rows);
  for (const { name, reason } of report.skipped)
    process.stdout.write(`skipped: ${name}: ${reason}\n`);
  if (json !== null) fs.writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return 0;
});

/** `[name] [--json FILE] [--data DIR]`; without a name, every benchmark there is. */
function parse(argv) {
  const known = fs.existsSync(SOURCES)
    ? fs.readdirSync(SOURCES).filter((file) => file.endsWith(SUFFIX))
    : [];
  const all = known.map((file) => file.slice(0, -SUFFIX.length)).sort();
  const options = { "--json": null, "--data": null };
  const names = [];
  const rest = argv.filter((arg) => arg !== "--");
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [option, inline] = arg.split(/=(.*)/s);
    if (option in options) {
      const value = inline ?? rest.shift();
      if (value === undefined) throw new SetupError(`${option} needs a value.`);
      options[option] = resolve(callerDirectory, value);
    } else if (all.includes(arg)) names.push(arg);
    else
      throw new SetupError(`There is no benchmark ${arg}. There are: ${all.join(", ") || "none"}.`);
  }
  if (all.length === 0) throw new SetupError("There are no benchmarks in test/bench.");
  return {
    names: names.length > 0 ? names : all,
    json: options["--json"],
    data: options["--data"],
  };
}

/** Bundles one benchmark and runs it in a process of its own, so that none warms up another. */
async function runBench(name, dataDir) {
  const folder = join(root, "dist", "bench");
  const bundle = join(folder, `${name}.mjs`);
  const result = join(folder, `${name}.json`);
  fs.mkdirSync(folder, { recursive: true });
  fs.rmSync(result, { force: true });
  const { build: bundleWith } = await import("esbuild");
  await bundleWith({
    absWorkingDir: root,
    stdin: { contents: entry(name, dataDir, result), resolveDir: SOURCES },
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  say(`Benchmark ${name}…`);
  const env = { ...process.env, ELECTRON_DISABLE_SECURITY_WARNINGS: "1" };
  delete env.ELECTRON_RUN_AS_NODE;
  const { code } = await run(process.execPath, ["--expose-gc", bundle], {
    env,
  });
  if (code !== 0 || !fs.existsSync(result)) {
    throw new SetupError(`The benchmark ${name} failed (exit code ${code}).`);
  }
  return JSON.parse(fs.readFileSync(result, "utf8"));
}

function entry(name, dataDir, result) {
  return `
    import { writeFileSync } from "node:fs";
    import run from ${JSON.stringify(`./${name}${SUFFIX}`)};
    const result = await run({ dataDir: ${JSON.stringify(dataDir)} });
    writeFileSync(${JSON.stringify(result)}, JSON.stringify(result));
    process.exit(0);
  `;
}

function machine() {
  const [cpu] = cpus();
  const memoryGiB = Number((totalmem() / 2 ** 30).toFixed(1));
  return {
    cpu: cpu?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB,
    os: `${platform()} ${release()}`,
    arch: arch(),
  };
}

function versions(electron) {
  const { version } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"));
  return {
    inquest: version,
    node: process.versions.node,
    electron: electron.version,
  };
}

function printTable(rows) {
  const cells = rows.map((row) => [
    row.name,
    shown(row.value),
    row.unit,
    String(row.runs?.length ?? 1),
    row.peer ?? "",
    row.peerValue === undefined ? "" : shown(row.peerValue),
    row.ratio === undefined ? "" : shown(row.ratio),
  ]);
  const table = [["name", "value", "unit", "runs", "peer", "peer's value", "ratio"], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  const isNumber = [false, true, false, true, false, true, true];
  for (const line of table) {
    const padded = line.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    process.stdout.write(`${padded.join("  ").trimEnd()}\n`);
  }
}

function shown(value) {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}
