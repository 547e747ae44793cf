import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { expandBraces, matchesPart, matchFiles } from "../../../electron/evidence/match-files.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

function tree(...paths: string[]): string {
  const root = folder();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return root;
}

async function matched(root: string, pattern: string): Promise<string> {
  const found = await matchFiles(root, pattern);
  return found.map((path) => path.slice(root.length + 1)).join(" ");
}

describe("patterns", () => {
  const files = [
    ...["a.log", "b.log", "c.txt", ".hidden.log", "logs/1.log", "logs/2.log.gz"],
    ...["logs/deep/3.log", "logs/.git/4.log", "x{1}.log", "[b].log"],
  ];
  test.each([
    ["*.log", "[b].log a.log b.log x{1}.log"],
    ["?.log", "a.log b.log"],
    ["a.log", "a.log"],
    ["none.log", ""],
    ["none/*.log", ""],
    ["a.log/*", ""],
    ["logs/*.{log,log.gz}", "logs/1.log logs/2.log.gz"],
    ["**/*.log", "[b].log a.log b.log logs/1.log logs/deep/3.log x{1}.log"],
    ["logs/**", "logs/1.log logs/2.log.gz logs/deep/3.log"],
    ["**/deep/*", "logs/deep/3.log"],
    ["./logs/1.log", "logs/1.log"],
    [".*.log", ".hidden.log"],
    ["x{1}.log", "x{1}.log"],
    ["[b].log", "[b].log"],
    ["logs/../a.*", "a.log"],
    ["{c,a}.*", "a.log c.txt"],
  ])("%s", async (pattern, expected) => {
    expect(await matched(tree(...files), pattern)).toBe(expected);
  });

  test("absolute patterns, and a link to a folder above", async () => {
    const place = tree("in/a.log");
    symlinkSync(place, join(place, "in/loop"));
    expect(await matched(place, `${place}/in/*.log`)).toBe("in/a.log");
    expect(await matched(place, "**/*.log")).toBe("in/a.log");
  });
});

test("braces", () => {
  expect(expandBraces("a{b,c}d{1,2}")).toEqual(["abd1", "abd2", "acd1", "acd2"]);
  expect(expandBraces("{a,b{c,d}}")).toEqual(["a", "bc", "bd"]);
  expect(expandBraces("a{b")).toEqual(["a{b"]);
});

test("parts", () => {
  expect(matchesPart("a+b.log", "a+b.*")).toBe(true);
  expect(matchesPart("aab.log", "a+b.*")).toBe(false);
  expect(matchesPart("ä.log", "?.log")).toBe(true);
  expect(matchesPart("📈.log", "?.log")).toBe(true);
});
