import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import {
  answerOpenDialog,
  cleanUp,
  idle,
  launch,
  newCase,
  showView,
  type Launched,
} from "../support/app.ts";

let launched: Launched;
test.beforeAll(async () => {
  launched = await launch();
  await newCase(launched, "reasoning");
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

async function openTool(page: Page, name: string): Promise<void> {
  await showView(page, "Reasoning");
  await page.getByRole("tab", { name, exact: true }).click();
}

async function reopen({ app, page, scratch }: Launched): Promise<void> {
  await page.keyboard.press("Control+Shift+w");
  await answerOpenDialog(app, [join(scratch, "reasoning.inquest")]);
  await page.getByRole("button", { name: "Open case…" }).click();
  await idle(page);
}

/** The newest export with this ending. */
function exported(scratch: string, ending: string): Buffer {
  const folder = join(scratch, "reasoning.inquest", "exports");
  const name = readdirSync(folder)
    .filter((f) => f.endsWith(ending))
    .sort()
    .at(-1);
  if (name === undefined) throw new Error(`no ${ending} in the exports`);
  return readFileSync(join(folder, name));
}

/** Types into the field of the picture, once it is there. */
async function write(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("textbox", { name: /^(Text|Name) of the/ })).toBeFocused();
  await page.keyboard.type(text);
}

test("a fishbone is written on its picture, moved, undone, exported and kept", async () => {
  const { page, scratch } = launched;
  await openTool(page, "Fishbone");
  await expect(page.getByRole("heading", { name: "No bones yet" })).toBeVisible();
  await page.getByRole("button", { name: "People, process, technology, environment" }).click();
  const bone = page.getByRole("group", { name: "Fishbone" }).getByRole("button", {
    name: /^Category: /,
  });
  await expect(bone).toHaveCount(4);

  // With the keyboard: the problem, then a cause on a bone with a sub-cause, and one beside it.
  await expect(page.getByRole("button", { name: /^Problem: / })).toBeFocused();
  await page.keyboard.press("Enter");
  await write(page, "Click rate fell by a fifth");
  await page.keyboard.press("Enter");
  const problem = page.getByRole("button", { name: "Problem: Click rate fell by a fifth" });
  await expect(problem).toBeFocused();
  await page.getByRole("button", { name: "Category: Technology" }).focus();
  await page.keyboard.press("+");
  await write(page, "Feature pipeline reads a stale snapshot of user profiles");
  await page.keyboard.press("Enter");
  const cause = page.getByRole("button", { name: /^Cause: Feature pipeline/ });
  await expect(cause).toBeFocused();
  await page.keyboard.press("+");
  await write(page, "Job was retried without its date");
  await page.keyboard.press("Control+Enter");
  await write(page, "No alert on age");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^Sub-cause: / })).toHaveCount(2);

  // With the mouse: a cause by the plus of its bone.
  await page.getByRole("button", { name: "Add a cause to People" }).click();
  await write(page, "Reviewer was on leave");
  await page.getByRole("button", { name: "Category: Process" }).focus();
  await expect(page.getByRole("button", { name: "Cause: Reviewer was on leave" })).toBeVisible();

  // Dragged to the bone of the process: a step back puts it where it was.
  const reviewer = page.getByRole("button", { name: "Cause: Reviewer was on leave" });
  await reviewer.dragTo(page.getByRole("button", { name: "Category: Process" }));
  const moveTo = page.getByLabel(/^Move cause Reviewer/);
  await expect(moveTo.getByRole("option")).toHaveText([
    "Move to…",
    "People",
    "Technology",
    "Environment",
  ]);
  await page.keyboard.press("Control+z");
  await expect(moveTo.getByRole("option", { name: "People" })).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(moveTo.getByRole("option", { name: "People" })).toHaveCount(1);

  // By keyboard: a cause with what hangs on it.
  await cause.focus();
  await page.keyboard.press("m");
  const move = page.getByLabel(/^Move cause Feature pipeline/);
  await expect(move).toBeFocused();
  await move.selectOption("Environment");
  await expect(cause).toBeFocused();
  await expect(page.getByRole("button", { name: /^Sub-cause: / })).toHaveCount(2);

  // Deleting takes the branch; undo brings it back.
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: /^Sub-cause: / })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Category: Environment" })).toBeFocused();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: /^Sub-cause: / })).toHaveCount(2);

  // Nothing is drawn over anything, as the browser measures it.
  const over = await page.locator(".iq-fish-drawing g").evaluateAll((groups) => {
    const boxes = groups.map((g) => ({ at: g.getBoundingClientRect(), says: g.textContent }));
    return boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) =>
            a.at.left < b.at.right &&
            b.at.left < a.at.right &&
            a.at.top + 2 < b.at.bottom &&
            b.at.top + 2 < a.at.bottom,
        )
        .map((b) => `${a.says} / ${b.says}`),
    );
  });
  expect(over).toEqual([]);

  await page.getByRole("button", { name: "Export as SVG" }).click();
  await expect(page.getByText(/^Fishbone written: .*\.svg/)).toBeVisible();
  const svg = exported(scratch, ".svg").toString("utf8");
  const parsed = await page.evaluate((source) => {
    const read = new DOMParser().parseFromString(source, "image/svg+xml");
    return {
      root: read.documentElement.localName,
      errors: read.querySelectorAll("parsererror").length,
      words: read.documentElement.textContent,
    };
  }, svg);
  expect(parsed).toMatchObject({ root: "svg", errors: 0 });
  expect(parsed.words).toContain("Job was retried");
  await page.getByRole("button", { name: "Export as PNG" }).click();
  await expect(page.getByText(/^Fishbone written: .*\.png/)).toBeVisible({ timeout: 15_000 });
  const png = exported(scratch, ".png");
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const width = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  expect(png.readUInt32BE(16)).toBe(2 * width);

  // Other bones: those of the same name stay, with their causes.
  await page.getByRole("button", { name: "Categories" }).click();
  await page.getByRole("menuitem", { name: "ML layers" }).click();
  await expect(bone).toHaveCount(6);
  await expect(page.getByRole("button", { name: /^Cause: / })).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(bone).toHaveCount(4);
  await expect(page.getByRole("button", { name: /^Cause: / })).toHaveCount(2);

  await reopen(launched);
  await openTool(page, "Fishbone");
  await expect(problem).toBeVisible();
  await expect(page.getByRole("button", { name: /ause: / })).toHaveCount(4);
});

test("an FMEA shows its scales, RPN and priorities, before and after actions", async () => {
  const { page } = launched;
  await openTool(page, "FMEA");
  await expect(page.getByRole("heading", { name: "No failure mode yet" })).toBeVisible();
  await page.getByRole("button", { name: "Add row" }).click();
  const table = page.getByRole("table", { name: "Failure modes" });
  await expect(page.getByLabel("Item, row 1")).toBeFocused();
  await page.keyboard.type("Feature store");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Values are a day old");
  await page.getByRole("textbox", { name: "Severity today, row 1" }).fill("8");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("6");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("2");
  await page.keyboard.press("ArrowRight");
  const row = (n: number) => table.locator("tbody tr").nth(n - 1);
  await expect(row(1)).toContainText("96");
  await expect(row(1)).toContainText("high");

  // What is no score is shown as such, and not taken.
  const severity = page.getByRole("textbox", {
    name: "Severity today, row 1, Values are a day old",
  });
  await severity.fill("11");
  await expect(severity).toHaveAttribute("aria-invalid", "true");
  await severity.blur();
  await expect(severity).toHaveValue("8");

  // After actions: chosen by its wording.
  await page.getByRole("textbox", { name: "Severity after actions, row 1" }).fill("8");
  await page.getByRole("textbox", { name: "Detection after actions, row 1" }).fill("2");
  const after = page.getByRole("textbox", { name: "Occurrence after actions, row 1" });
  await after.focus();
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("option", { name: /less than once a year/ }).click();
  await expect(after).toHaveValue("3");
  await expect(row(1)).toContainText("48");
  await expect(row(1)).toContainText("low");

  await page.getByRole("button", { name: "Scales" }).click();
  await expect(page.getByRole("region", { name: "Scales" })).toContainText("on call");
  await page.getByRole("button", { name: "Scales" }).click();

  // A second row is more urgent: sorting puts it first, and is undone in one step.
  await page.getByLabel("Item, row 1").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByLabel("Item, row 2")).toBeFocused();
  await page.keyboard.type("Ranking service");
  await page.getByRole("textbox", { name: "Severity today, row 2" }).fill("10");
  await page.getByRole("textbox", { name: "Occurrence today, row 2" }).fill("10");
  await page.getByRole("textbox", { name: "Detection today, row 2" }).fill("10");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("textbox", { name: "Detection today, row 1" })).toBeFocused();
  await expect(row(2)).toContainText("1000");
  await page.getByRole("button", { name: "Sort by priority" }).click();
  await expect(page.getByLabel("Item, row 1")).toHaveValue("Ranking service");
  await page.keyboard.press("Control+z");
  await expect(page.getByLabel("Item, row 1")).toHaveValue("Feature store");
  await page.keyboard.press("Control+Shift+z");
  await expect(page.getByLabel("Item, row 1")).toHaveValue("Ranking service");

  // Moved and removed from its number.
  const head = page.getByRole("button", { name: /^Move or remove row 1/ });
  await head.focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page.getByLabel("Item, row 1")).toHaveValue("Feature store");
  await head.focus();
  await page.keyboard.press("Delete");
  await expect(table.locator("tbody tr")).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(table.locator("tbody tr")).toHaveCount(2);

  // A wide table scrolls in its own pane.
  const page_ = await page
    .locator(".iq-reasoning-scroll")
    .evaluate((e) => e.scrollWidth <= e.clientWidth);
  expect(page_).toBe(true);

  // Another table of priorities: refused where it has gaps, taken where it has none.
  await page.getByRole("button", { name: "Priorities" }).click();
  const region = page.getByRole("region", { name: "Table of priorities", exact: true });
  await expect(region).toContainText("Handbook, 1st edition 2019");
  await region.getByRole("button", { name: "Replace…" }).click();
  await region.getByLabel("Rules as text").fill("1,10,1,10,1,9,high");
  await region.getByRole("button", { name: "Use this table" }).click();
  await expect(region.getByRole("alert")).toContainText("100 combinations are in no rule");
  await region.getByLabel("File with the table").setInputFiles({
    name: "own.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("1,10,1,10,1,10,medium\n"),
  });
  await expect(region.getByLabel("Rules as text")).toHaveValue("1,10,1,10,1,10,medium\n");
  await region.getByLabel("Name of the table").fill("House rules");
  await region.getByLabel("Source of the table").fill("Quality manual 4.2");
  await region.getByRole("button", { name: "Use this table" }).click();
  await expect(region.getByRole("heading", { name: "House rules" })).toBeVisible();
  await expect(row(1)).toContainText("medium");

  await reopen(launched);
  await openTool(page, "FMEA");
  await expect(page.getByLabel("Failure mode, row 1")).toHaveValue("Values are a day old");
  await expect(row(1)).toContainText("medium");
  await page.getByRole("button", { name: "Priorities" }).click();
  await region.getByRole("button", { name: "Back to the AIAG & VDA table" }).click();
  await expect(row(1)).toContainText("high");
});

test("wording that blames is pointed out on the picture and in the table, and replaced at a click", async () => {
  const { page } = launched;
  await openTool(page, "FMEA");
  const cause = page.getByRole("textbox", { name: "Cause, row 1" });
  await cause.fill("The on-call failed to look");
  const advice = page.getByRole("list", { name: "Advice on the wording" });
  await advice.getByRole("button", { name: "Write “did not”" }).click();
  await expect(cause).toHaveValue("The on-call did not look");

  await openTool(page, "Fishbone");
  await page.getByRole("button", { name: "Category: Technology" }).focus();
  await page.keyboard.press("+");
  await write(page, "The reviewer failed to see it");
  await page.keyboard.press("Enter");
  await advice.getByRole("button", { name: "Write “did not”" }).click();
  await expect(
    page.getByRole("button", { name: "Cause: The reviewer did not see it" }),
  ).toBeVisible();
});
