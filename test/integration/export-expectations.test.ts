import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import * as parquet from "parquet-wasm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tableText } from "../../renderer/headless/table-text.ts";
import { BUNDLES } from "../../shared/importers/bundles.ts";
import { chooseImporter } from "../../shared/importers/index.ts";
import type { Source } from "../../shared/importers/importer.ts";
import { setParquetLoader } from "../../shared/importers/parquet.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { openSource } from "../../shared/importers/source.ts";
import { setSqliteLoader } from "../../shared/importers/sqlite.ts";
import { folderSource, pathsBelow } from "../support/folder-source.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";
import { streamOf } from "../support/sources.ts";
import { loadSqliteInNode } from "../support/sqlite.ts";
import { onCrash } from "../unit/importers/crash.ts";

/*
 * What `inquest import FILE --as jsonl` prints, by the code that prints it, for
 * every fixture: counts, a digest of all of it, and rows to look at. Rows that
 * are drawn beside a fixture are not repeated here. To review a change:
 * `npx vitest run FILE -u`, and read the difference.
 */

const FIXTURES = join(import.meta.dirname, "../fixtures");
const EXPECTED = join(FIXTURES, "expected");
const NOW = Date.UTC(2026, 5, 15);

/** Rows that are shown of each import, from either end, and how much of each. */
interface Shown {
  readonly first: number;
  readonly last: number;
  readonly characters: number;
}

beforeAll(() => {
  setParquetLoader(() => Promise.resolve(parquet), onCrash);
  setSqliteLoader(loadSqliteInNode);
  // The year of times that have none depends on today.
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** One import: a file or folder, and the part of it that is meant. */
interface Order {
  readonly source: Source;
  readonly importer: string;
  readonly member?: string;
}

/** The import of a file, of each sheet or table that is not left out, or of a folder as one. */
async function ordersOf(path: string): Promise<Order[]> {
  if (statSync(path).isDirectory()) {
    const paths = pathsBelow(path).map((p) => `${basename(path)}/${p}`);
    const bundle = BUNDLES.find((b) => b.recognise(paths).length > 0);
    return bundle === undefined
      ? []
      : [{ source: await folderSource(path), importer: bundle.importer }];
  }
  const content = readFileSync(path);
  const source = await openSource({
    name: basename(path),
    size: content.length,
    open: () => Promise.resolve(streamOf(content, 65536)),
    blob: () => Promise.resolve(new Blob([content])),
  });
  const chosen = chooseImporter(await source.head(), source.name);
  const members = chosen.ok ? await chosen.value.members?.(source) : undefined;
  if (members?.ok !== true || members.value.length < 2) return [{ source, importer: "auto" }];
  return members.value
    .filter((m) => m.skipped === null)
    .map((m) => ({ source, importer: m.importer ?? "auto", member: m.name }));
}

/** What is expected of one import, as text. */
async function expectation({ source, importer, member }: Order, shown: Shown): Promise<string> {
  const name = member === undefined ? source.name : `${source.name} › ${member}`;
  const engine = await createNodeEngine();
  try {
    const outcome = await runImport(
      engine,
      source,
      importer,
      member === undefined ? {} : { member },
      1,
      { signal: new AbortController().signal, now: NOW },
    );
    if (!outcome.ok) return `${name}\n  refused: ${outcome.error.message}\n`;
    const { plan, rows, rejected, tableRows, further } = outcome.value;
    let text = "";
    for await (const page of tableText(engine, plan, tableRows, "jsonl")) text += page;
    const lines = text.split("\n").slice(0, -1);
    expect(lines.length, name).toBe(tableRows);
    const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const beside = further.map((f) => `, ${f.tableRows} in ${f.table}`).join("");
    return [
      `${name}\n  ${plan.importer}: ${rows} records, ${rejected} rejected; ${tableRows} rows in ${plan.table}${beside}; sha256 ${digest}`,
      ...drawnRows(lines, shown).map((line) => `  ${line}`),
      "",
    ].join("\n");
  } finally {
    await engine.close();
  }
}

function drawnRows(lines: readonly string[], { first, last, characters }: Shown): string[] {
  const middle = lines.length - first - last;
  const rows =
    middle <= 0
      ? lines
      : [
          ...lines.slice(0, first),
          ...(last > 0 ? [`… ${middle} more`, ...lines.slice(-last)] : []),
        ];
  return rows.map((row) => (row.length > characters ? `${row.slice(0, characters)}…` : row));
}

async function expectations(paths: readonly string[], shown: Shown): Promise<string> {
  let text = "";
  for (const path of paths) {
    for (const order of await ordersOf(path)) text += await expectation(order, shown);
  }
  return text;
}

/** Files beside the evidence: how it was made, what is expected of it. */
const NO_EVIDENCE =
  /\.(?:rows|members)\.txt$|\.(?:py|sh|mjs|md|tsv)$|^(?:README|LICENSE|open-data\.json)/;

function evidenceIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !NO_EVIDENCE.test(name) && !name.startsWith("."))
    .sort()
    .map((name) => join(folder, name));
}

/** The rows of our own fixtures are drawn beside them. */
const OWN: Shown = { first: 1, last: 0, characters: 160 };
const REAL: Shown = { first: 3, last: 3, characters: 400 };

/** Archives are read file by file; templates and predictions are no formats. */
const OTHER = new Set(["containers", "expected", "templates", "predictions"]);

describe("own fixtures", () => {
  const folders = readdirSync(FIXTURES).filter((name) => !OTHER.has(name));
  test("print what is expected", async () => {
    let text = "";
    for (const folder of folders) {
      text += `# ${folder}\n${await expectations(evidenceIn(join(FIXTURES, folder)), OWN)}`;
    }
    await expect(text).toMatchFileSnapshot(join(EXPECTED, "fixtures.txt"));
  }, 300_000);
});

describe("real exports", () => {
  test.each([
    "D_exports/great_expectations",
    "D_exports/jaeger",
    "D_exports/otlp",
    "D_exports/prometheus_api_client",
    "D_exports/wandb",
    "C_logs/lnav_formats",
    "C_logs/k8s_troubleshoot",
  ])(
    "%s",
    async (relative) => {
      const folder = openData(relative);
      if (folder === null) return;
      const runs = pathsBelow(folder).filter((p) => /^wandb\/[^/]+\//.test(p));
      const bundles = [...new Set(runs.map((p) => p.split("/").slice(0, 2).join("/")))];
      const files = pathsBelow(folder).filter(
        (path) =>
          !NO_EVIDENCE.test(basename(path)) && !bundles.some((b) => path.startsWith(`${b}/`)),
      );
      const paths = [...bundles, ...files].map((path) => join(folder, path));
      expect(paths.every((path) => existsSync(path))).toBe(true);
      const shown = relative.startsWith("D_") ? REAL : OWN;
      await expect(await expectations(paths, shown)).toMatchFileSnapshot(
        join(EXPECTED, `${basename(relative)}.txt`),
      );
    },
    300_000,
  );
});
