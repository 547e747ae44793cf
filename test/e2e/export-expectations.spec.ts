import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { inquest } from "../support/command-line.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");

/** All other expectations are compared without the application, by the code that it runs. */
test("import --as jsonl prints in the application what is expected of the file", async () => {
  const name = "w3c-iis.log";
  const expected = readFileSync(join(FIXTURES, "expected/fixtures.txt"), "utf8");
  const entry = expected.slice(expected.indexOf(`\n${name}\n`)).split("\n")[2] ?? "";
  const { code, stdout } = await inquest(
    "import",
    join(FIXTURES, "text-log", name),
    "--as",
    "jsonl",
  );
  expect(code).toBe(0);
  const rows = stdout.trimEnd().split("\n");
  expect(entry).toContain(`${rows.length} rows in logs`);
  const digest = createHash("sha256").update(stdout).digest("hex").slice(0, 16);
  expect(entry).toContain(`sha256 ${digest}`);
});
