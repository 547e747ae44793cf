import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../../electron/headless/command-line.ts";
import { writeBelow } from "../../../electron/headless/output-folder.ts";
import { ProgressPrinter } from "../../../electron/headless/progress-printer.ts";
import { makeRunData } from "../../../electron/headless/run-data.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

describe("the command line", () => {
  test.each([
    ["", { kind: "window", open: null }],
    ["--no-sandbox --user-data-dir=/x --disable-gpu --log-level=3", { kind: "window", open: null }],
    [
      "--inspect=0 --remote-debugging-port=0 open a.inquest",
      { kind: "window", open: "/w/a.inquest" },
    ],
    ["/c/a.inquest", { kind: "window", open: "/c/a.inquest" }],
    [
      "run r.yaml --out o --json",
      {
        kind: "job",
        job: { command: "run", recipe: "/w/r.yaml", out: "/w/o", json: true },
      },
    ],
    [
      "--no-sandbox run --out=/o ../r.yaml --disable-gpu",
      {
        kind: "job",
        job: { command: "run", recipe: "/r.yaml", out: "/o", json: false },
      },
    ],
    [
      "verify a",
      {
        kind: "job",
        job: {
          command: "verify",
          target: "/w/a",
          passphraseFile: null,
          signer: null,
          evidence: null,
          json: false,
        },
      },
    ],
    [
      "verify b.zip --passphrase-file p --signer 0a1b --evidence e --json",
      {
        kind: "job",
        job: {
          command: "verify",
          target: "/w/b.zip",
          passphraseFile: "/w/p",
          signer: "0a1b",
          evidence: "/w/e",
          json: true,
        },
      },
    ],
    [
      "import f --as arrow",
      {
        kind: "job",
        job: { command: "import", file: "/w/f", as: "arrow", member: null, json: false },
      },
    ],
    [
      "import a.zip --as csv --member logs/a.log",
      {
        kind: "job",
        job: { command: "import", file: "/w/a.zip", as: "csv", member: "logs/a.log", json: false },
      },
    ],
    [
      "import --as csv -- --odd",
      {
        kind: "job",
        job: { command: "import", file: "/w/--odd", as: "csv", member: null, json: false },
      },
    ],
    ["formats --json", { kind: "job", job: { command: "formats", json: true } }],
    ["--help", { kind: "help" }],
    ["run -h", { kind: "help" }],
    ["--version", { kind: "version" }],
  ])("%s", (line, expected) => {
    expect(parseCommandLine(line.split(" ").filter(Boolean), "/w")).toEqual(expected);
  });

  test.each([
    ["run r.yaml", "run needs a recipe and a folder"],
    ["run --out o", "run needs a recipe and a folder"],
    ["run r.yaml --out", "--out needs a value"],
    ["run a b --out o", "b is one argument too many"],
    ["run a --out o --jsn", "--jsn is not known here"],
    ["import f --as xml", "import needs a file and a format"],
    ["verify", "verify needs a case"],
    ["open", "open needs a case"],
    ["formats x", "x is one argument too many"],
    ["frobnicate", "There is no command frobnicate"],
    ["--json", "--json is not known here"],
  ])("%s: %s", (line, message) => {
    const parsed = parseCommandLine(line.split(" "), "/w");
    expect(parsed.kind).toBe("usage");
    expect(JSON.stringify(parsed)).toContain(message);
  });
});

describe("progress", () => {
  function printed(isTTY: boolean, show: (printer: ProgressPrinter) => void): string {
    let text = "";
    show(
      new ProgressPrinter({
        isTTY,
        columns: 40,
        write: (part) => (text += part),
      }),
    );
    return text;
  }

  test("lines: when new, and at every tenth", () => {
    const text = printed(false, (printer) => {
      for (let i = 0; i <= 100; i += 5) printer.show("reading", i / 100);
      printer.show("comparing", null);
      printer.show("comparing", null);
      printer.line("done");
    });
    expect(text.split("\n")).toEqual([
      ...["  0% reading", " 10% reading", " 20% reading", " 30% reading", " 40% reading"],
      ...[" 50% reading", " 60% reading", " 70% reading", " 80% reading", " 90% reading"],
      ...["100% reading", "comparing", "done", ""],
    ]);
  });

  test("a terminal: one bar, no longer than the line", () => {
    const text = printed(true, (printer) => {
      printer.show("a very long file name that does not fit", 0.5);
      printer.line("done");
    });
    const bar = "[############------------]  50% a very ";
    expect(text).toBe(`\r${bar}\u001b[K\r\u001b[Kdone\n`);
  });
});

test("a run writes below its output folder only", async () => {
  const out = join(folder(), "out");
  const bytes = new Uint8Array([1]);
  const made = await writeBelow(out, "deep/er/a.json", bytes);
  expect(made.path).toBe(join(out, "deep/er/a.json"));
  for (const name of ["../a", "/a", "", ".", "deep/../../a"]) {
    await expect(writeBelow(out, name, bytes)).rejects.toMatchObject({
      error: { kind: "invalid" },
    });
  }
});

test("what a killed run left behind is removed by the next", () => {
  const place = folder();
  mkdirSync(join(place, "inquest-run-999999999-abc", "x"), { recursive: true });
  mkdirSync(join(place, `inquest-run-${process.pid}-abc`));
  mkdirSync(join(place, "inquest-other"));
  makeRunData(place);
  const kept = readdirSync(place).map((name) => name.replace(/-[^-]*$/, ""));
  expect(kept.sort()).toEqual([
    "inquest",
    `inquest-run-${process.pid}`,
    `inquest-run-${process.pid}`,
  ]);
});
