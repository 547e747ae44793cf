import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import {
  answerOpenDialog,
  cleanUp,
  idle,
  launch,
  openSample,
  showView,
  type Launched,
} from "../support/app.ts";
import { addAction, addFactors, openTool, setCourse, write } from "../support/reasoning.ts";

test.describe.configure({ mode: "serial" });
let launched: Launched;
test.beforeAll(async () => {
  launched = await launch();
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

test("a case begins with a guide, follows it, changes it for one's own, and leaves it", async () => {
  const { app, page, scratch } = launched;
  await answerOpenDialog(app, [scratch]);
  await page.getByRole("button", { name: "New case…" }).click();
  await page.getByLabel("Name").fill("guided");
  await page.getByLabel("Guide").selectOption({ label: "Training on a public post-mortem" });
  await page.getByRole("button", { name: "Choose folder…" }).click();
  await idle(page);
  const guide = page.getByRole("complementary", { name: /^Guide: Training/ });
  await expect(guide).toContainText(/0 of \d+ steps/);

  // The step says where; the case ticks what it shows itself.
  const problem = guide.getByRole("button", { name: "State the problem in your own words" });
  await problem.click();
  await guide.getByRole("button", { name: "Go there" }).click();
  await write(page, "The problem", "Pages were slow for an hour.");
  await expect(guide).toContainText(/1 of \d+ steps/);
  await expect(guide.getByRole("checkbox", { name: "Done: the case shows it" })).toBeChecked();

  // A step that only a person can tick, with an answer to its questions.
  await guide
    .getByRole("button", { name: "Write down your hypotheses before you read on" })
    .click();
  await guide.getByRole("button", { name: "Write an answer" }).click();
  await write(page, /^Answers to/, "The cache, since everything slowed at once.");
  await guide.getByRole("checkbox", { name: "Done" }).click({ force: true });
  await expect(guide).toContainText(/2 of \d+ steps/);

  // An organisation's own; what is wrong in it is told with its line.
  await page.getByRole("button", { name: "Guides…" }).click();
  const wrong = join(scratch, "wrong.yaml");
  writeFileSync(wrong, "id: a\ntitle: A\nsteps:\n  - id: x\n    title: X\n    where: nowhere\n");
  await page.getByLabel("File with a guide").setInputFiles(wrong);
  await expect(page.getByRole("alert")).toContainText("wrong.yaml, line 6");
  await page.getByLabel("File with a guide").setInputFiles("resources/guides/example-guide.yaml");
  const own = page.getByRole("complementary", { name: "Guide: Payments incident" });
  await expect(own).toContainText("0 of 4 steps");
  await own.getByRole("button", { name: "Leave the guide" }).click();
  await expect(own).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(own).toBeVisible();
  await own.getByRole("button", { name: "Leave the guide" }).click();
});

test("the library shows what recurs, what is overdue, and takes past cases from a file", async () => {
  const { page, scratch } = launched;
  await addFactors(page, [
    { text: "A schema changed without notice", role: "root cause", layer: "data" },
  ]);
  await setCourse(page, {
    started: "2024-05-01 10:00",
    detected: "2024-05-01 11:00",
    resolved: "2024-05-01 13:00",
  });
  await addAction(page, {
    kind: "preventive",
    title: "Agree on a contract",
    owner: "Data platform",
    due: "2024-06-01",
    metric: "0 unannounced changes in 90 days",
  });
  const past = join(scratch, "past.csv");
  writeFileSync(
    past,
    [
      "title,started,detected,resolved,layer,root cause",
      "Late features,2023-03-01T00:00:00Z,2023-03-02T00:00:00Z,2023-03-03T00:00:00Z,data,upstream schema changed",
      "Full disk,2023-04-01T00:00:00Z,2023-04-01T01:00:00Z,2023-04-01T02:00:00Z,infrastructure,no quota",
      "No time at all,yesterday or so,,,data,unknown",
    ].join("\n"),
  );
  await showView(page, "Library");
  await page.getByLabel("Files of past cases").setInputFiles(past);
  const table = page.getByRole("table", { name: "Cases" });
  await expect(table).toContainText("Late features");
  await expect(page.getByRole("group", { name: "Recurring patterns" })).toContainText(
    /[23] of [34]: .*data/i,
  );
  const overdue = page.getByRole("table", { name: "Actions overdue" });
  await expect(overdue).toContainText("Agree on a contract");
  await expect(overdue).toContainText("guided");
  await expect(page.getByRole("list", { name: "Cases like the open one" })).toContainText(
    "Late features",
  );
});

test("an action is checked by a saved rule, on what came after the incident", async () => {
  const { page } = launched;
  await page.keyboard.press("Control+Shift+w");
  await openSample(launched);
  await showView(page, "Compare");
  await page.getByRole("tab", { name: "Rules" }).click();
  await page.getByRole("button", { name: "Save rules" }).click({ timeout: 60_000 });
  await expect(page.getByText(/\d+ saved/)).toBeVisible();
  await addAction(page, {
    kind: "corrective",
    title: "Map the codes back",
    owner: "Data platform",
    due: "2027-01-01",
    metric: "0 rows with unknown codes",
  });
  const card = page.getByRole("article", { name: "Action: “Map the codes back”" });
  await card.getByLabel(/^Check of/).selectOption("rule");
  const rule = card.getByLabel(/^Rule of/);
  const option = rule.locator("option", { hasText: /user_gender: one of/ }).first();
  await rule.selectOption((await option.getAttribute("value")) ?? "");
  // The sample ends with its incident: there is nothing later to check it on, and that is said.
  await card.getByRole("button", { name: /^Run the check/ }).click();
  await expect(card.getByRole("alert")).toContainText(/Add data of the time after the fix/, {
    timeout: 30_000,
  });
  // Told resolved too early, the check shows that it was not.
  await setCourse(page, { resolved: "2024-06-05 00:00" });
  await openTool(page, "Actions");
  await card.getByRole("button", { name: /^Run the check/ }).click();
  await expect(card.locator(".iq-check-result")).toContainText("does not hold", {
    timeout: 30_000,
  });
});

test("parts of the report: written, moved, chosen by reader; numbers lead to findings", async () => {
  const { page, scratch } = launched;
  await showView(page, "Compare");
  await page.getByRole("tab", { name: "Columns" }).click();
  await page.locator('[data-column="user_gender"]').click({ timeout: 60_000 });
  await page.getByRole("button", { name: "Pin as finding" }).click();
  await showView(page, "Report");
  const preview = page.getByRole("document", { name: "Preview of the report" });
  await expect(preview.getByRole("heading", { name: "Findings", exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByLabel("Add a part").selectOption("text");
  await write(page, "Title of the part", "What we ask of upstream");
  await write(
    page,
    "Text of the part",
    "Announce changes 14 days before.\n\n- in the channel\n- with a sample",
  );
  const own = preview.getByRole("heading", { name: "What we ask of upstream" });
  await expect(own).toBeVisible();
  await expect(
    preview
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "What we ask of upstream" }) })
      .getByRole("listitem"),
  ).toHaveCount(2);
  // Not for those who decide.
  const box = page.getByRole("checkbox", {
    name: "What we ask of upstream: in the technical report",
  });
  await box.click({ force: true });
  await expect(own).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(own).toBeVisible();

  // The picture of a finding alone, once more and with its source.
  await page.getByLabel("Add a part").selectOption({ label: "Chart of finding 1" });
  const chart = preview.locator("section").filter({
    has: page.getByRole("heading", { name: "Chart", exact: true }),
  });
  await expect(chart.locator("svg")).toHaveCount(1);
  await expect(chart).toContainText(/Source: .*digest/);

  // A number of the finding is linked by a click, and the report then names its source.
  const cell = await preview.locator("article.card td.num").first().innerText();
  await page.getByLabel("Summary of the report").fill(`It became ${cell} in the incident.`);
  await page
    .getByRole("button", { name: new RegExp(`^Link ${cell.replace(".", "\\.")} to finding 1`) })
    .click();
  await page.getByLabel("Summary of the report").blur();
  const figure = preview.locator(".lead .figure, .figure").first();
  await expect(figure).toHaveAttribute("title", /Finding 1: .*SHA-256/);
  await expect(figure).not.toHaveClass(/by-hand/);

  // Killed in the middle of a sentence: it is there again.
  await openTool(page, "5 whys");
  await page.getByLabel("The problem").fill("Clicks fell by a fi");
  await expect
    .poll(() => readFileSync(join(scratch, "silent-degradation.inquest/drafts.json"), "utf8"))
    .toContain("Clicks fell by a fi");
  await launched.kill();
  launched = await launch({
    userData: launched.userData,
    scratch,
    args: ["open", join(scratch, "silent-degradation.inquest")],
  });
  await idle(launched.page);
  await openTool(launched.page, "5 whys");
  await expect(launched.page.getByLabel("The problem")).toHaveValue("Clicks fell by a fi");
  await newCaseStays(launched);
});

/** The library of the same profile still knows both cases. */
async function newCaseStays({ page }: Launched): Promise<void> {
  await showView(page, "Library");
  await expect(page.getByRole("table", { name: "Cases" })).toContainText("guided");
  await expect(page.getByRole("table", { name: "Cases" })).toContainText("silent-degradation");
}
