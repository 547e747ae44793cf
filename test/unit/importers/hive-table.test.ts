import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as parquet from "parquet-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { hiveTableImporter, recogniseHiveTable } from "../../../shared/importers/hive-table.ts";
import { WidenColumn } from "../../../shared/importers/importer.ts";
import { setParquetLoader } from "../../../shared/importers/parquet.ts";
import { filesSource, folderSource, pathsBelow } from "../../support/folder-source.ts";
import { openData } from "../../support/open-data.ts";
import { onCrash } from "./crash.ts";
import { draw, readSource } from "./rows.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/hive-table");

beforeAll(() => {
  setParquetLoader(() => Promise.resolve(parquet), onCrash);
});

describe("fixtures", () => {
  test.each(["predictions", "driver_logs", "orders"])(
    "%s becomes the rows that are drawn beside it",
    async (name) => {
      const folder = join(FIXTURES, name);
      const reading = await readSource(hiveTableImporter, await folderSource(folder));
      await expect(draw(reading)).toMatchFileSnapshot(join(FIXTURES, `${name}.rows.txt`));
      expect(recogniseHiveTable(pathsBelow(folder).map((path) => `${name}/${path}`))).toEqual([
        `${name}/`,
      ]);
    },
  );
});

describe("keys of the folders", () => {
  const typeOf = async (paths: Record<string, string>): Promise<unknown> => {
    const source = await filesSource(
      Object.fromEntries(Object.keys(paths).map((path) => [path, "a,b\n1,2\n3,4\n"])),
    );
    const planned = await hiveTableImporter.plan(source, {});
    if (!planned.ok) throw new Error(planned.error.message);
    const column = planned.value.columns.find((c) => !["a", "b", "_file"].includes(c.name));
    return [column?.name, column?.type];
  };

  test.each([
    ["dt=2024-05-01", "timestamp"],
    ["dt=20240501", "timestamp"],
    ["dt=2024050110", "timestamp"],
    ["date=2024-05-01T10%3A00%3A00", "timestamp"],
    ["month=05", "bigint"],
    ["zip=01067", "varchar"],
    ["share=0.25", "double"],
    ["final=true", "boolean"],
    ["country=D%20E", "varchar"],
    ["version=20240501", "bigint"],
  ])("%s is %s", async (folder, type) => {
    const [name] = folder.split("=");
    expect(await typeOf({ [`${folder}/x.csv`]: "" })).toEqual([name, type]);
  });

  test("a value that does not fit a type that was set widens the column", async () => {
    const source = await filesSource({ "k=1/a.csv": "a,b\n1,2\n", "k=x/a.csv": "a,b\n3,4\n" });
    await expect(readSource(hiveTableImporter, source, { types: { k: "bigint" } })).rejects.toEqual(
      new WidenColumn("k", "varchar"),
    );
  });

  test("a column of the files of the same name stays the files'", async () => {
    const source = await filesSource({ "k=1/a.csv": "k,b\n7,2\n8,3\n" });
    const { header, rows } = await readSource(hiveTableImporter, source);
    expect(header).toEqual(["k", "b", "_file", "_ev", "_line", "_off"]);
    expect(rows.map((row) => [row[0], row[2], row[4]])).toEqual([
      [7, "k=1/a.csv", 2],
      [8, "k=1/a.csv", 3],
    ]);
  });
});

test("types of one column in different files meet in the wider one", async () => {
  const source = await filesSource({
    "d=1/a.csv": "n,t\n1,x\n2,y\n",
    "d=2/a.csv": "n,t\n1.5,3\n2.5,4\n",
    "d=3/a.jsonl": '{"n":3,"T":"z"}\n{"n":4,"T":"w"}\n',
  });
  const { plan, rows } = await readSource(hiveTableImporter, source);
  expect(plan.columns.map((c) => [c.name, c.type])).toEqual([
    ["n", "double"],
    ["t", "varchar"],
    ["d", "bigint"],
    ["_file", "varchar"],
  ]);
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    [1, "x", 1],
    [2, "y", 1],
    [1.5, "3", 2],
    [2.5, "4", 2],
    [3, "z", 3],
    [4, "w", 3],
  ]);
});

test("a folder without data is refused in words", async () => {
  const source = await filesSource({ _SUCCESS: "" });
  const planned = await hiveTableImporter.plan(source, {});
  expect(planned.ok ? null : planned.error.kind).toBe("empty");
});

describe("recognising", () => {
  test.each([
    [["t/dt=1/a.parquet", "t/dt=2/a.parquet", "other.log"], ["t/"]],
    [["dt=1/country=DE/a.csv.gz", "_SUCCESS", "README.md"], [""]],
    [
      ["a/t/dt=1/b.parquet", "a/u/dt=1/b.parquet"],
      ["a/t/", "a/u/"],
    ],
    [["t/_SUCCESS", "t/part-00000-1f.snappy.parquet", "t/.part-00000.crc"], ["t/"]],
    [["t/_delta_log/0.json", "t/dt=1/part-0.parquet"], ["t/"]],
    // What lies beside the parts would be lost in the table.
    [["t/dt=1/a.parquet", "t/app.log"], []],
    [["dt=1/a.parquet", "metrics.csv"], []],
    [["t/part-1.csv", "t/part-2.csv"], []],
    [["a=b/picture.png"], []],
    [["x/a.parquet", "x/b.parquet"], []],
  ])("%j", (paths, expected) => {
    expect(recogniseHiveTable(paths)).toEqual(expected);
  });
});

test("real snapshots by day", async () => {
  const folder = openData("B_ml_drift/whylogs_regression_days");
  if (folder === null) return;
  const days = ["2021-02-12", "2021-02-13"];
  const files = days.map((day) => [
    `day=${day}/part-0.parquet`,
    new Uint8Array(readFileSync(join(folder, `${day}.parquet`))),
  ]);
  const source = await filesSource(Object.fromEntries(files) as Record<string, Uint8Array>);
  const { rows, header, plan } = await readSource(hiveTableImporter, source);
  const day = header.indexOf("day");
  expect(plan.columns.find((c) => c.name === "day")?.type).toBe("timestamp");
  expect(new Set(rows.map((row) => row[day])).size).toBe(2);
});
