import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { answerOpenDialog, cleanUp, launch, openSample, showView } from "../support/app.ts";
import {
  addAction,
  addFactors,
  addHypotheses,
  addImpact,
  answerWhys,
  openTool,
  rateMatrix,
  setCourse,
} from "../support/reasoning.ts";
import { SAMPLE } from "../support/files.ts";

const OUT = "dist/screenshots";

test("pictures of every view, light and dark", async () => {
  mkdirSync(OUT, { recursive: true });
  const launched = await launch();
  const { page } = launched;
  await page.evaluate(() => {
    localStorage.setItem("inquest.theme", "light");
  });
  await page.reload();
  await page.locator(".iq-shell").waitFor();
  await both(page, "welcome");
  await openSample(launched);

  await page.locator('[data-evidence="E1"]').click();
  await both(page, "evidence");
  await answerOpenDialog(launched.app, [join(process.cwd(), SAMPLE, "metrics/model_metrics.csv")]);
  await page.getByRole("button", { name: "Add files…" }).click();
  await expect(page.getByText(/already in the case/).first()).toBeVisible();
  await both(page, "import-preview");
  await page.getByRole("button", { name: "Remove", exact: true }).click();

  await showView(page, "Schema");
  await page.getByRole("button", { name: /^user_features/ }).click();
  await expect(page.getByLabel("Role of user_gender")).toBeVisible();
  await both(page, "schema");

  await showView(page, "Logs");
  await settled(page);
  await both(page, "logs");
  await showView(page, "Changes");
  await expect(page.locator(".iq-board-state")).toHaveText(/^\d+ changes$/, { timeout: 60_000 });
  await settled(page);
  await both(page, "changes");

  await showView(page, "Compare");
  await page.locator('[data-column="user_gender"]').click();
  await settled(page);
  await both(page, "compare");
  await page.getByRole("button", { name: "Pin as finding" }).click();
  for (const tab of ["Segments", "Together", "Logs", "Model", "Rules"]) {
    await page.getByRole("tab", { name: tab }).click();
    await settled(page);
    await both(page, `compare-${tab.toLowerCase()}`);
  }
  await page.getByRole("tab", { name: "Columns" }).click();

  await showView(page, "Timeline");
  await settled(page);
  await both(page, "timeline");

  await showView(page, "Suspects");
  await settled(page);
  await both(page, "suspects");
  await page
    .locator("[data-suspect]")
    .first()
    .getByRole("button", { name: "Pin as finding" })
    .click();

  await showView(page, "Findings");
  await settled(page);
  await both(page, "findings");

  await reason(page);

  await showView(page, "Report");
  await page
    .getByLabel("Summary of the report")
    .fill(
      "Click-through rate of the “For you” rail fell for three weeks without an alert. The demographic feature user_gender had been re-encoded upstream.",
    );
  await settled(page);
  await both(page, "report");
  for (const tab of ["Review", "Export"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await settled(page);
    await both(page, `report-${tab.toLowerCase()}`);
  }
  await page.getByRole("button", { name: "Present" }).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await settled(page);
  await page.screenshot({ path: `${OUT}/presentation.png` });
  await page.keyboard.press("Escape");
  await showView(page, "Library");
  await settled(page);
  await both(page, "library");

  await showView(page, "Help");
  await both(page, "help");
  await page.keyboard.press("Control+k");
  await settled(page);
  await both(page, "palette");
  await launched.close();
  cleanUp(launched);
});

/** The sample incident, thought through. */
async function reason(page: Page): Promise<void> {
  await addHypotheses(page, [
    "An upstream export re-encoded a demographic feature",
    "Users lost interest in the rail",
  ]);
  await rateMatrix(page, [
    ["CC", "II"],
    ["C", "N"],
  ]);
  await both(page, "reasoning-hypotheses");
  await answerWhys(page, "Click-through rate fell for three weeks, and no alert fired.", [
    {
      text: "The model got values of user_gender that it had never seen in training",
      area: "technology",
      cites: [1],
      because: [
        {
          text: "The upstream export changed its codes without a contract",
          area: "process",
          assumption: true,
        },
        {
          text: "No check compares categories of serving with those of training",
          area: "detection",
          cites: [1],
        },
      ],
    },
    { text: "The on-call failed to look at slow declines", area: "people" },
  ]);
  await settled(page);
  await both(page, "reasoning-whys");
  await openTool(page, "4 P’s");
  await settled(page);
  await both(page, "reasoning-sweep");
  await addFactors(page, [
    {
      text: "An upstream export re-encoded user_gender",
      role: "root cause",
      layer: "data",
      claim: "cause",
      cites: [1, 2],
      checks: [
        ["order in time", "supports", "a day before the decline"],
        ["mechanism", "supports", "unknown codes become the default"],
        ["strength", "supports", "every row changed"],
      ],
    },
    {
      text: "No check of categories between training and serving",
      role: "delayed detection",
      layer: "people",
    },
  ]);
  await settled(page);
  await both(page, "reasoning-factors");
  await setCourse(page, {
    started: "2024-04-24 06:00",
    detected: "2024-05-15 09:00",
    mitigated: "2024-05-16 12:00",
    resolved: "2024-05-17 12:00",
  });
  await addImpact(page, {
    kind: "money",
    name: "Lost revenue of the rail",
    low: "40,000",
    likely: "61,000",
    high: "90,000",
    basis: "estimate",
    note: "requests per hour × decline × value of a click",
  });
  await page.getByRole("button", { name: "Service level", exact: true }).click();
  await settled(page);
  await both(page, "reasoning-impact");
  await addAction(page, {
    kind: "preventive",
    title: "Contract with upstream on codes, checked before each export",
    owner: "Data platform",
    due: "2027-06-15",
    metric: "0 exports with codes outside of the contract in 90 days",
    answers: ["An upstream export re-encoded user_gender"],
    query: { sql: "SELECT count(*) FROM events", comparison: "<", threshold: "1000" },
  });
  await page.getByRole("button", { name: /^Run the check/ }).click();
  await expect(page.locator(".iq-check-result")).toContainText("holds");
  await settled(page);
  await both(page, "reasoning-actions");
  await page.getByRole("button", { name: "Guides…" }).click();
  await expect(page.getByRole("list", { name: "Guides" })).toBeVisible();
  await settled(page);
  await page.screenshot({ path: `${OUT}/guides.png` });
  await page.getByRole("button", { name: "Begin Silent model degradation" }).click();
  await openTool(page, "FMEA");
  await settled(page);
  await both(page, "guide");
  await page.getByRole("button", { name: "Leave the guide" }).click();
}

/** One picture in each theme; ends in light. */
async function both(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  for (const theme of ["light", "dark"]) {
    await settled(page);
    await page.screenshot({ path: `${OUT}/${name}-${theme}.png` });
    await page.keyboard.press("Control+Shift+L");
    await expect(page.locator("body.bp6-dark")).toHaveCount(theme === "light" ? 1 : 0);
  }
}

async function settled(page: Page): Promise<void> {
  await expect(
    page.locator(".iq-view .bp6-spinner, .iq-view .bp6-progress-bar:not(.bp6-no-animation)"),
  ).toHaveCount(0, { timeout: 60_000 });
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))).then(
      () => undefined,
    ),
  );
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
