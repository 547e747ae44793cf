import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { mlflowStoreImporter } from "../../../shared/importers/mlflow-store.ts";
import { WidenColumn } from "../../../shared/importers/importer.ts";
import { setSqliteLoader, sqliteImporter } from "../../../shared/importers/sqlite.ts";
import { folderSource } from "../../support/folder-source.ts";
import { sourceOf } from "../../support/sources.ts";
import { loadSqliteInNode } from "../../support/sqlite.ts";
import { draw, readAll, readSource, type Cell, type Reading } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");

beforeAll(() => {
  setSqliteLoader(loadSqliteInNode);
});

testFixtures(sqliteImporter, "sqlite", { only: (name) => name !== "utf16.db", mutations: 60 });
testFixtures(sqliteImporter, "mlflow-sqlite", { mutations: 0 });

describe("members", () => {
  test("tables, and why some are left out", async () => {
    const source = await sourceOf(fixture("sqlite", "tables.db"), { name: "tables.db" });
    const members = await sqliteImporter.members?.(source);
    if (members?.ok !== true) throw new Error("no members");
    expect(members.value.map((m) => [m.name, m.rows, m.skipped])).toEqual([
      ["predictions", 4, null],
      ["app_log", 3, null],
      ["samples", 6, null],
      ["settings", 2, null],
      ["later", 2501, null],
      ["empty_one", 0, "empty"],
      ["errors", null, "a view: its rows come from the tables"],
      ["notes", null, null],
      ["notes_data", null, "a table that SQLite keeps for itself"],
      ["notes_idx", null, "a table that SQLite keeps for itself"],
      ["notes_content", null, "a table that SQLite keeps for itself"],
      ["notes_docsize", null, "a table that SQLite keeps for itself"],
      ["notes_config", null, "a table that SQLite keeps for itself"],
    ]);
  });

  test.each(["app_log", "samples", "settings", "errors", "notes"])(
    "%s becomes the rows that are drawn beside it",
    async (member) => {
      const reading = await readAll(sqliteImporter, fixture("sqlite", "tables.db"), {
        name: "tables.db",
        options: { member },
      });
      await expect(draw(reading)).toMatchFileSnapshot(
        join(FIXTURES, "sqlite", `tables.${member}.rows.txt`),
      );
    },
  );

  test("a table that is not there", async () => {
    const source = await sourceOf(fixture("sqlite", "tables.db"), { name: "tables.db" });
    const planned = await sqliteImporter.plan(source, { member: "nothing" });
    expect(planned.ok ? null : planned.error).toMatchObject({
      kind: "vanished",
      message: "“tables.db” has no table called “nothing”.",
    });
  });
});

describe("types", () => {
  test("a value of another type further down widens its column", async () => {
    const content = fixture("sqlite", "tables.db");
    await expect(
      readAll(sqliteImporter, content, { options: { member: "later", target: "own" } }),
    ).rejects.toEqual(new WidenColumn("n", "double"));
    const { rows, accepted } = await readAll(sqliteImporter, content, {
      options: { member: "later", target: "own", types: { n: "double" } },
    });
    expect(accepted).toBe(2501);
    expect(rows.at(-1)?.slice(0, 2)).toEqual([1_772_361_700_000_000, 2500.5]);
  });
});

describe("damage", () => {
  const damaged = (change: (bytes: Uint8Array) => Uint8Array): Uint8Array =>
    change(Uint8Array.from(fixture("sqlite", "tables.db")));
  const errorOf = async (content: Uint8Array): Promise<unknown> => {
    const planned = await sqliteImporter.plan(await sourceOf(content, { name: "x.db" }), {
      member: "later",
    });
    return planned.ok ? null : planned.error;
  };

  test("a cut file", async () => {
    expect(await errorOf(damaged((b) => b.subarray(0, 4096 * 3)))).toMatchObject({
      kind: "truncated",
    });
    expect(await errorOf(damaged((b) => b.subarray(0, 60)))).toMatchObject({ kind: "truncated" });
  });

  test("an encrypted one", async () => {
    const content = damaged((b) => {
      b.fill(0x5a, 0, 4096);
      return b;
    });
    expect(sqliteImporter.detect(content, "x.db")).toBe(0);
    expect(await errorOf(content)).toMatchObject({ kind: "unsupported" });
    expect(await errorOf(new Uint8Array(0))).toMatchObject({ kind: "empty" });
  });

  test("texts as UTF-16, which this build of SQLite does not read", async () => {
    const source = await sourceOf(fixture("sqlite", "utf16.db"), { name: "utf16.db" });
    const planned = await sqliteImporter.plan(source, {});
    expect(planned.ok ? null : planned.error).toMatchObject({ kind: "unsupported" });
    expect(planned.ok ? "" : planned.error.message).toContain("UTF-16");
  });

  test("a header that is none, pages that are none", async () => {
    const header = damaged((b) => {
      b[16] = 3;
      return b;
    });
    expect(await errorOf(header)).toMatchObject({ kind: "damaged" });
    const pages = damaged((b) => {
      b.fill(0xff, 4096);
      return b;
    });
    expect(await errorOf(pages)).toMatchObject({ kind: "damaged" });
  });

  test("the rows before a damaged page are kept, and the loss is told", async () => {
    const content = damaged((b) => b);
    // The table's last leaf: found by a value that only it holds.
    const whole = await readAll(sqliteImporter, content, {
      options: { member: "later", target: "own", types: { n: "double" } },
    });
    let broken: Reading | null = null;
    for (let page = 1; page * 4096 < content.length && broken === null; page++) {
      const copy = Uint8Array.from(content);
      copy.fill(0xff, page * 4096, page * 4096 + 8);
      const reading = await readAll(sqliteImporter, copy, {
        options: { member: "later", target: "own", types: { n: "double" } },
      }).catch(() => null);
      if (reading !== null && reading.accepted < whole.accepted) broken = reading;
    }
    expect(broken?.accepted).toBeGreaterThan(0);
    expect(broken?.rows).toEqual(whole.rows.slice(0, broken?.accepted));
    expect(broken?.notes.join()).toMatch(/damaged after row \d+ of “later”/);
  });
});

test.each(["SQLite format 3", "id,name\n1,2\n", "", "PAR1"])("%j is none", (text) => {
  expect(sqliteImporter.detect(new TextEncoder().encode(text), "x.db")).toBe(0);
});

describe("MLflow", () => {
  test("the database gives what the file store gives", async () => {
    const files = await readSource(
      mlflowStoreImporter,
      await folderSource(join(FIXTURES, "mlflow-store/mlruns")),
    );
    const database = await readAll(sqliteImporter, fixture("mlflow-sqlite", "mlflow.db"));
    expect(database.accepted).toBe(files.accepted);
    expect(database.plan.columns.map((c) => [c.name, c.type, c.role])).toEqual(
      files.plan.columns.map((c) => [c.name, c.type, c.role]),
    );
    expect(comparable(database, "mlflow_runs")).toEqual(comparable(files, "mlflow_runs"));
    for (const { table } of files.further)
      expect(comparable(database, table), table).toEqual(comparable(files, table));
  });

  test("its tables can be read one by one too", async () => {
    const reading = await readAll(sqliteImporter, fixture("mlflow-sqlite", "mlflow.db"), {
      options: { member: "params" },
    });
    expect(reading.rows).toHaveLength(7);
    const source = await sourceOf(fixture("mlflow-sqlite", "mlflow.db"));
    const members = await sqliteImporter.members?.(source);
    const names = members?.ok === true ? members.value.filter((m) => m.skipped === null) : [];
    expect(names.map((m) => [m.name, m.importer])).toEqual([["mlflow", "sqlite"]]);
  });
});

/** Rows without what differs between two stores: identifiers, places, and what stands in `fields`. */
function comparable(reading: Reading, table: string): string[] {
  const further = reading.further.find((f) => f.table === table);
  const header = further?.columns.map((c) => c.name) ?? reading.header;
  const rows = further?.rows ?? reading.rows;
  const left = new Set([
    "_line",
    "_off",
    "_ev",
    "fields",
    "artifact_uri",
    "run_id",
    "experiment_id",
  ]);
  const text = (cell: Cell | undefined): string =>
    String(cell)
      .replaceAll(/[0-9a-f]{32}/g, "RUN")
      .replaceAll(/\b\d{18}\b/g, "EXPERIMENT");
  const happened = (row: readonly Cell[]): boolean =>
    /created|deleted|registered|last changed/.test(String(row[header.indexOf("title")]));
  return rows
    .map((row) =>
      header
        .flatMap((name, i) =>
          left.has(name) || (name === "ts" && happened(row)) ? [] : [`${name}=${text(row[i])}`],
        )
        .join(" "),
    )
    .sort();
}
