import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  appendFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import {
  cleanUp,
  idle,
  importFiles,
  launch,
  newCase,
  openSample,
  showView,
  type Launched,
} from "../support/app.ts";
import { SAMPLE, writeLargeCsv } from "../support/files.ts";

test.describe("the main job on the sample incident", () => {
  let launched: Launched;
  test.beforeAll(async () => {
    launched = await launch();
    await openSample(launched);
  });
  test.afterAll(async () => {
    await launched.close();
    cleanUp(launched);
  });

  test("every file of the sample is evidence with its hash and rows", async () => {
    const { page } = launched;
    const rows = page.getByRole("table", { name: "Evidence" }).locator("tbody tr");
    expect(await rows.count()).toBeGreaterThan(40);
    await rows.first().click();
    await expect(page.getByTestId("sha256")).toHaveText(/^[0-9a-f]{64}$/);
  });

  test("the comparison puts the re-encoded feature among the strongest shifts", async () => {
    const { page } = launched;
    await showView(page, "Compare");
    const shifts = page.getByRole("listbox", { name: /Changed columns/ }).getByRole("option");
    await expect(shifts.first()).toBeVisible({ timeout: 60_000 });
    const names = await shifts.evaluateAll((items) =>
      items.slice(0, 5).map((i) => i.getAttribute("data-column")),
    );
    expect(names).toContain("user_gender");
  });

  test("a click shows both distributions and a pin keeps the query and its digest", async () => {
    const { page } = launched;
    await page.locator('[data-column="user_gender"]').click();
    await expect(page.getByRole("heading", { name: /user_gender/ })).toBeVisible();
    await expect(page.getByRole("table", { name: "Numbers of both windows" })).toBeVisible();
    await page.getByRole("button", { name: "Pin as finding" }).click();
    await showView(page, "Findings");
    const finding = page.getByRole("article").first();
    await expect(finding).toContainText("user_gender");
    await finding.getByRole("button", { name: /Source:.*digest/ }).click();
    await expect(finding.getByLabel("SQL of the finding")).toContainText("SELECT");
  });

  test("suspects name the feature in the top three, with checks", async () => {
    const { page } = launched;
    await showView(page, "Suspects");
    await expect(page.locator("[data-suspect]").first()).toBeVisible({ timeout: 60_000 });
    const top = await page
      .locator("[data-suspect]")
      .evaluateAll((cards) => cards.slice(0, 3).map((c) => c.getAttribute("data-suspect")));
    expect(top).toContain("user_gender");
    const checks = page.locator('[data-suspect="user_gender"] .iq-checks li');
    expect(await checks.count()).toBeGreaterThanOrEqual(3);
  });

  test("undo takes the pin back and redo brings it again", async () => {
    const { page } = launched;
    await showView(page, "Findings");
    await expect(page.getByRole("article")).toHaveCount(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("article")).toHaveCount(0);
    await page.getByRole("button", { name: "Redo" }).click();
    await expect(page.getByRole("article")).toHaveCount(1);
  });

  test("the report is written as HTML and PDF, with hashes, and nothing from outside", async () => {
    const { page, scratch } = launched;
    await showView(page, "Report");
    await expect(page.getByRole("document", { name: "Preview of the report" })).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole("tab", { name: "Export", exact: true }).click();
    await page.getByRole("button", { name: "Export report" }).click();
    await expect(page.getByText(/^Report written: /)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("heading", { name: "Made from this case" })).toBeVisible();
    const folder = readdirSync(scratch).find((n) => n.endsWith(".inquest"));
    const exports = join(scratch, folder ?? "", "exports");
    const html = readFileSync(
      join(exports, readdirSync(exports).find((n) => n.endsWith(".html")) ?? ""),
      "utf8",
    );
    // One script, its own; whatever stands in the data, the page can load nothing.
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="https?:/);
    expect(html).toContain("user_gender");
    expect(html).toMatch(/[0-9a-f]{64}/);
    const pdf = readFileSync(
      join(exports, readdirSync(exports).find((n) => n.endsWith(".pdf")) ?? ""),
    );
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });
});

test("the same file twice is recognised by its content", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  await newCase(launched, "twice");
  const file = join(scratch, "a.csv");
  writeFileSync(file, "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n");
  await importFiles(launched, [file]);
  const copy = join(scratch, "renamed.csv");
  writeFileSync(copy, readFileSync(file));
  await importFilesUntilPlanned(launched, copy);
  await expect(page.getByText(/already in the case as E1/).first()).toBeVisible();
  await launched.close();
  cleanUp(launched);
});

async function importFilesUntilPlanned(launched: Launched, file: string): Promise<void> {
  await launched.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, file);
  await launched.page.getByRole("button", { name: "Add files…" }).click();
}

test("killed in the middle of an import: the case opens, whole files are whole, the half one is gone", async () => {
  const first = await launch();
  await newCase(first, "killed");
  const small = join(first.scratch, "small.csv");
  writeFileSync(small, "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n");
  await importFiles(first, [small]);
  const large = join(first.scratch, "large.csv");
  writeLargeCsv(large, 60);
  await importFilesUntilPlanned(first, large);
  await first.page.getByRole("button", { name: /^Import \d+ files?$/ }).click();
  await expect(first.page.locator(".iq-pending .bp6-progress-bar")).toBeVisible();
  await expect(first.page.locator(".iq-pending-item")).toContainText(/[1-9][\d,]* rows/, {
    timeout: 60_000,
  });
  await first.kill();

  const folder = join(first.scratch, "killed.inquest");
  const second = await launch({
    userData: first.userData,
    scratch: first.scratch,
    args: ["open", folder],
  });
  await idle(second.page);
  const rows = second.page.getByRole("table", { name: "Evidence" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("small.csv");
  await expect(second.page.getByText(/large\.csv/)).toBeVisible();
  await rows.first().click();
  await second.page.getByRole("tab", { name: "Rows (2)" }).click();
  await expect(second.page.getByRole("grid")).toContainText("2024-01-01T00:01:00Z");
  await second.close();
  cleanUp(second);
});

test("killed in the middle of typing: not a letter is lost", async () => {
  const first = await launch();
  await openSample(first);
  await showView(first.page, "Report");
  const summary = first.page.getByLabel("Summary of the report");
  await summary.click();
  await summary.pressSequentially("Clicks fell for three weeks", { delay: 5 });
  const folder = join(
    first.scratch,
    readdirSync(first.scratch).find((n) => n.endsWith(".inquest")) ?? "",
  );
  await expect.poll(() => readDrafts(folder)).toContain("Clicks fell for three weeks");
  await first.kill();

  const second = await launch({
    userData: first.userData,
    scratch: first.scratch,
    args: ["open", folder],
  });
  await idle(second.page);
  await showView(second.page, "Report");
  await expect(second.page.getByLabel("Summary of the report")).toHaveValue(
    "Clicks fell for three weeks",
  );
  await second.close();
  cleanUp(second);
});

/** Everything that is on disk of texts being typed: drafts and journal. */
function readDrafts(folder: string): string {
  return ["drafts.json", "journal.jsonl"]
    .map((n) => join(folder, n))
    .filter((p) => existsSync(p))
    .map((p) => readFileSync(p, "utf8"))
    .join("\n");
}

test("a second window opens the case read-only and says who holds it", async () => {
  const first = await launch();
  await newCase(first, "held");
  const folder = join(first.scratch, "held.inquest");
  const second = await launch({ scratch: first.scratch, args: ["open", folder] });
  await expect(second.page.getByText("Read-only.")).toBeVisible({ timeout: 30_000 });
  await second.close();
  await first.close();
  cleanUp(first, second);
});

test("a changed and a vanished original are noticed on open", async () => {
  const first = await launch();
  await newCase(first, "originals");
  const a = join(first.scratch, "a.csv");
  const b = join(first.scratch, "b.csv");
  writeFileSync(a, "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n");
  writeFileSync(b, "time,mem\n2024-01-01T00:00:00Z,10\n2024-01-01T00:01:00Z,20\n");
  await importFiles(first, [a, b]);
  await first.close();
  const size = statSync(a).size;
  appendFileSync(a, "2024-01-01T00:02:00Z,3\n");
  expect(statSync(a).size).toBeGreaterThan(size);
  renameSync(b, join(first.scratch, "b-renamed.csv"));

  const second = await launch({
    userData: first.userData,
    scratch: first.scratch,
    args: ["open", join(first.scratch, "originals.inquest")],
  });
  await idle(second.page);
  await expect(second.page.getByText(/2 of 2 originals are not as recorded/)).toBeVisible();
  await second.page.locator('[data-evidence="E2"]').click();
  await second.page.getByRole("button", { name: /Use .*b-renamed\.csv/ }).click();
  await expect(second.page.locator('[data-evidence="E2"]')).not.toContainText("moved");
  await second.close();
  cleanUp(second);
});

test("the sample's files are where the report says", () => {
  expect(existsSync(join(SAMPLE, "recipe.yaml"))).toBe(true);
  expect(JSON.parse(readFileSync(join(SAMPLE, "truth.json"), "utf8"))).toMatchObject({
    column: "user_gender",
    kind: "re-encoding",
  });
});
