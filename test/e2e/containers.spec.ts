import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import type { FindingsFile } from "../../shared/model/findings-file.ts";
import { answerOpenDialog, cleanUp, idle, launch, newCase, type Launched } from "../support/app.ts";
import { inquest } from "../support/command-line.ts";

const FIXTURES = resolve("test/fixtures/containers");

/** A folder with logs and metrics, as it lies on a disk. */
function makeFolder(scratch: string): string {
  const folder = join(scratch, "host-7");
  mkdirSync(join(folder, "logs"), { recursive: true });
  writeFileSync(join(folder, "logs", "db.log"), "2026-03-01T10:00:03Z ERROR db too many clients\n");
  writeFileSync(join(folder, "disk.csv"), "time,used\n2026-03-01T10:00:00Z,91\n");
  writeFileSync(join(folder, "notes.csv"), "time,people\n2026-03-01T10:00:00Z,3\n");
  writeFileSync(
    join(folder, "picture.png"),
    Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  );
  return folder;
}

async function names(page: Page): Promise<string[]> {
  const cells = page.getByRole("table", { name: "Evidence" }).locator("tbody td:nth-child(2)");
  return (await cells.allInnerTexts()).map((text) => text.replace(/ · .*/s, "").trim());
}

async function count(page: Page, sql: string): Promise<unknown> {
  return page.evaluate(async (query) => {
    const answer = await window.__inquestTest!.engine.query(query);
    return answer.ok ? (answer.value.get(0) as { toJSON(): unknown }).toJSON() : answer.error;
  }, sql);
}

const ROWS = "SELECT count(*)::DOUBLE AS rows, count(DISTINCT _ev)::DOUBLE AS files FROM logs";

test.describe.serial("a ZIP archive and a folder", () => {
  let launched: Launched;
  test.beforeAll(async () => {
    launched = await launch();
    await newCase(launched, "containers");
  });
  test.afterAll(async () => {
    await launched.close();
    cleanUp(launched);
  });

  test("the files of an archive are listed, previewed and imported each on its own", async () => {
    const { app, page, scratch } = launched;
    const zip = join(scratch, "incident.zip");
    copyFileSync(join(FIXTURES, "plain.zip"), zip);
    await answerOpenDialog(app, [zip]);
    await page.getByRole("button", { name: "Choose files…" }).click();
    const group = page.getByRole("region", { name: "incident.zip" });
    await expect(group.getByText("5 files · 4 files left out")).toBeVisible();
    await expect(group.getByText("left out: a symbolic link")).toBeVisible();
    await expect(group.getByText(/text-log → table logs/)).toHaveCount(3);

    // A member is previewed like a file.
    await group.getByRole("button", { name: /host\.csv/ }).click();
    await expect(page.getByRole("region", { name: "First rows of the file" })).toContainText("893");
    await group.getByLabel("Import incident/Übersicht/fehler zähler.csv").uncheck();
    await group.getByRole("button", { name: "Import 4" }).click();
    await expect(page.locator(".iq-pending")).toHaveCount(0, { timeout: 60_000 });
    await idle(page);
    expect(await names(page)).toEqual([
      "incident.zip › incident/logs/api.log",
      "incident.zip › incident/logs/worker-old.log.gz",
      "incident.zip › incident/logs/worker.log",
      "incident.zip › incident/metrics/host.csv",
    ]);
    expect(await count(page, ROWS)).toEqual({ rows: 4, files: 3 });
  });

  test("the same archive again: only what is not in the case yet", async () => {
    const { app, page, scratch } = launched;
    await answerOpenDialog(app, [join(scratch, "incident.zip")]);
    await page.getByRole("button", { name: "Add files…" }).click();
    const group = page.getByRole("region", { name: "incident.zip" });
    await expect(group.getByText(/already in the case as E\d/)).toHaveCount(4);
    await group.getByRole("button", { name: "Import 1" }).click();
    await expect(page.locator(".iq-pending")).toHaveCount(0, { timeout: 60_000 });
    expect(await names(page)).toHaveLength(5);
  });

  test("a folder is added as a whole; what is no evidence is left out", async () => {
    const { app, page, scratch } = launched;
    await answerOpenDialog(app, [makeFolder(scratch)]);
    await page.getByRole("button", { name: "Add folder…" }).click();
    const group = page.getByRole("region", { name: "host-7" });
    await expect(group.getByText("3 files · 1 file left out")).toBeVisible();
    await expect(group.getByText(/looks like a PNG image/)).toBeVisible();
    await group.getByRole("button", { name: "Import all" }).click();
    await expect(page.locator(".iq-pending")).toHaveCount(0, { timeout: 60_000 });
    await idle(page);
    expect((await names(page)).slice(5)).toEqual([
      "host-7 › disk.csv",
      "host-7 › logs/db.log",
      "host-7 › notes.csv",
    ]);
    expect(await count(page, ROWS)).toEqual({ rows: 5, files: 4 });
  });

  test("with a new database all rows are read again from archive and folder", async () => {
    const { scratch } = launched;
    await launched.close();
    launched = await launch({ scratch, args: ["open", join(scratch, "containers.inquest")] });
    await idle(launched.page);
    expect(await names(launched.page)).toHaveLength(8);
    await expect(launched.page.getByRole("alert")).toHaveCount(0);
    expect(await count(launched.page, ROWS)).toEqual({ rows: 5, files: 4 });
  });

  test("a folder whose files changed is noticed", async () => {
    const { scratch, userData } = launched;
    await launched.close();
    appendFileSync(join(scratch, "host-7", "disk.csv"), "2026-03-01T10:05:00Z,99\n".repeat(40));
    launched = await launch({
      userData,
      scratch,
      args: ["open", join(scratch, "containers.inquest")],
    });
    await idle(launched.page);
    await expect(launched.page.getByText("3 of 8 originals are not as recorded")).toBeVisible();
  });
});

test("a dropped folder becomes a group", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  await newCase(launched, "dropped");
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files: [makeFolder(scratch)], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devTools.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await expect(page.getByRole("region", { name: "host-7" })).toBeVisible();
  await launched.close();
  cleanUp(launched);
});

test.describe("on the command line", () => {
  let scratch: string;
  test.beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), "inquest-containers-"));
  });
  test.afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  test("import lists the members of an archive and reads the one that is named", async () => {
    const archive = join(FIXTURES, "plain.tar.zst");
    const listed = await inquest("import", archive, "--as", "csv");
    expect(listed.code).toBe(2);
    expect(listed.stderr).toContain("incident/logs/api.log (95 bytes)");
    const read = await inquest(
      ...["import", archive, "--as", "jsonl", "--member", "incident/logs/worker-old.log.gz"],
    );
    expect(read.code, read.stderr).toBe(0);
    expect(JSON.parse(read.stdout)).toMatchObject({ level: "warn" });
    const none = await inquest("import", archive, "--as", "csv", "--member", "nothing.log");
    expect(none.code).toBe(2);
  });

  test("a recipe takes archives, some of their files, and folders", async () => {
    const folder = makeFolder(scratch);
    rmSync(join(folder, "picture.png"));
    copyFileSync(join(FIXTURES, "plain.tar.gz"), join(scratch, "a.tar.gz"));
    copyFileSync(join(FIXTURES, "nested.zip"), join(scratch, "nested.zip"));
    copyFileSync(join(FIXTURES, "plain.zip"), join(scratch, "plain.zip"));
    const recipe = join(scratch, "case.yaml");
    writeFileSync(
      recipe,
      `inquest: 1
case: Containers
evidence:
  - path: a.tar.gz
    member: incident/logs/*.log*
  - path: nested.zip
  - path: plain.zip!/incident/metrics/*.csv
  - path: host-7
windows:
  baseline: { from: 2026-03-01T10:00:00Z, to: 2026-03-01T10:05:00Z }
  incident: { from: 2026-03-01T10:05:00Z, to: 2026-03-01T10:10:00Z }
report: { formats: [json] }
`,
    );
    const out = join(scratch, "out");
    const ran = await inquest("run", recipe, "--out", out);
    expect(ran.code, ran.stderr).toBe(0);
    const file = JSON.parse(readFileSync(join(out, "findings.json"), "utf8")) as FindingsFile;
    expect(file.evidence.map((e) => `${basename(e.path)} › ${e.member ?? ""}`)).toEqual([
      "a.tar.gz › incident/logs/api.log",
      "a.tar.gz › incident/logs/worker-old.log.gz",
      "a.tar.gz › incident/logs/worker.log",
      "nested.zip › inner.zip!/inner.csv",
      "nested.zip › inner.tar.gz!/inner.csv",
      "nested.zip › inner.csv",
      "plain.zip › incident/metrics/host.csv",
      "host-7 › disk.csv",
      "host-7 › logs/db.log",
      "host-7 › notes.csv",
    ]);
    const verified = await inquest("verify", join(out, "Containers.inquest"));
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  });
});
