import { expect, type Page } from "@playwright/test";
import { showView } from "./app.ts";

/** What people do with the tools of the Reasoning view, as they do it: by labels, with the keyboard. */

export async function openTool(page: Page, name: string): Promise<void> {
  await showView(page, "Reasoning");
  await page.getByRole("tab", { name, exact: true }).click();
}

/** Types into a field and leaves it. */
export async function write(page: Page, label: string | RegExp, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: label }).last();
  await field.fill(text);
  await field.blur();
}

/** Waits until a text stands in the journal: it comes back when the view is opened again. */
export async function addHypotheses(page: Page, titles: readonly string[]): Promise<void> {
  await openTool(page, "Hypotheses");
  for (const title of titles) {
    await page.getByLabel("New hypothesis").fill(title);
    await page.keyboard.press("Enter");
    await expect(
      page
        .getByRole("list", { name: /^Hypotheses/ })
        .getByRole("textbox")
        .first(),
    ).toBeVisible();
    await expect
      .poll(() =>
        page
          .getByRole("list", { name: /^Hypotheses/ })
          .getByRole("textbox")
          .evaluateAll((fields) => fields.map((f) => (f as HTMLTextAreaElement).value)),
      )
      .toContain(title);
  }
}

const KEYS: Readonly<Record<string, string>> = {
  CC: "1",
  C: "2",
  N: "3",
  I: "4",
  II: "5",
  NA: "6",
};

/** Rates the matrix, a row for each finding; the keyboard's numbers are the scale. */
export async function rateMatrix(
  page: Page,
  ratings: readonly (readonly string[])[],
): Promise<void> {
  for (const [row, cells] of ratings.entries()) {
    for (const [column, rating] of cells.entries()) {
      const name = new RegExp(`^Finding ${row + 1}, H${column + 1}: `);
      await page.getByRole("gridcell", { name }).focus();
      await page.keyboard.press(KEYS[rating] ?? "3");
      await expect(
        page.getByRole("gridcell", { name: `Finding ${row + 1}, H${column + 1}: ${rating}` }),
      ).toBeVisible();
    }
  }
}

export interface Because {
  readonly text: string;
  readonly area?: string;
  readonly assumption?: boolean;
  readonly cites?: readonly number[];
  readonly because?: readonly Because[];
}

/** Writes a tree of answers. */
export async function answerWhys(
  page: Page,
  problem: string,
  answers: readonly Because[],
): Promise<void> {
  await openTool(page, "5 whys");
  await write(page, "The problem", problem);
  for (const [index, answer] of answers.entries()) {
    const button = index === 0 ? "Ask why" : "Another line of causes";
    await page.getByRole("button", { name: button, exact: true }).click();
    await writeBranch(page, String(index + 1), answer);
  }
}

async function writeBranch(page: Page, number: string, answer: Because): Promise<void> {
  const field = page.getByRole("textbox", { name: `Because ${number}`, exact: true });
  await expect(field).toBeVisible();
  await field.fill(answer.text);
  await field.blur();
  const card = page.locator(".iq-why-card").filter({ has: field });
  if (answer.area !== undefined) {
    await card.getByLabel(`What kind of answer ${number} is`).selectOption(answer.area);
  }
  if (answer.assumption === true) {
    const box = card.getByRole("checkbox", { name: "Assumption" });
    await box.click({ force: true });
    await expect(box).toBeChecked();
  }
  await cite(page, `because ${number}`, answer.cites ?? []);
  for (const [index, below] of (answer.because ?? []).entries()) {
    await field.focus();
    await page.keyboard.press("Alt+Enter");
    await writeBranch(page, `${number}.${index + 1}`, below);
  }
}

/** Cites findings by their numbers through the menu. */
export async function cite(page: Page, subject: string, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  await page.getByRole("button", { name: `Cite findings for ${subject}`, exact: true }).click();
  for (const number of numbers) {
    await page.getByRole("option", { name: new RegExp(`^F${number} `) }).click();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu", { name: `Findings for ${subject}` })).toHaveCount(0);
}

export interface FactorText {
  readonly text: string;
  readonly role?: string;
  readonly layer?: string;
  readonly claim?: string;
  readonly cites?: readonly number[];
  /** Check, result, how. */
  readonly checks?: readonly (readonly [string, string, string])[];
}

export async function addFactors(page: Page, factors: readonly FactorText[]): Promise<void> {
  await openTool(page, "Factors");
  for (const factor of factors) {
    const isRoot = factor.role === "root cause";
    const before = await page.locator(".iq-factor").count();
    const button = before === 0 ? "Add the root cause" : isRoot ? "Root cause" : "Factor";
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(page.locator(".iq-factor")).toHaveCount(before + 1);
    const fresh = page.getByRole("article", { name: "Factor: this factor" });
    const field = fresh.getByRole("textbox", { name: /^What the (root cause|factor) is$/ });
    await field.fill(factor.text);
    await field.blur();
    const card = page.getByRole("article", { name: `Factor: “${factor.text}”` });
    await expect(card).toBeVisible();
    if (factor.layer !== undefined) await card.getByLabel(/^Layer of/).selectOption(factor.layer);
    if (factor.claim !== undefined) {
      await card.getByLabel(/^What is claimed of/).selectOption(factor.claim);
    }
    if (factor.checks !== undefined && !isRoot) {
      await card.getByRole("button", { name: /^Checks: / }).click();
    }
    for (const [check, result, how] of factor.checks ?? []) {
      await card.getByLabel(new RegExp(`^${check}: result`)).selectOption(result);
      const note = card.getByRole("textbox", { name: new RegExp(`^${check}: how it was checked`) });
      await note.fill(how);
      await note.blur();
    }
    await cite(page, `“${factor.text}”`, factor.cites ?? []);
    // Its role last: a card that changes its section is drawn anew.
    if (factor.role !== undefined && !isRoot) {
      await card.getByLabel(/^Role of/).selectOption(factor.role);
      await expect(card.getByLabel(/^Role of/)).toHaveValue(factor.role);
    }
  }
}

export async function setCourse(
  page: Page,
  times: Readonly<Partial<Record<"started" | "detected" | "mitigated" | "resolved", string>>>,
): Promise<void> {
  await openTool(page, "Impact");
  for (const [name, time] of Object.entries(times)) {
    const label = `When it ${name === "started" ? "started" : `was ${name}`}`;
    await page.getByLabel(label).fill(time);
    await page.getByLabel(label).press("Enter");
    await expect(page.getByLabel(`Where the time ${name} comes from`)).toBeVisible();
  }
}

export interface ImpactText {
  readonly kind: string;
  readonly name: string;
  readonly low: string;
  readonly likely: string;
  readonly high: string;
  readonly basis: string;
  readonly note: string;
  readonly cites?: readonly number[];
}

export async function addImpact(page: Page, impact: ImpactText): Promise<void> {
  await openTool(page, "Impact");
  await page.getByRole("button", { name: "Number", exact: true }).click();
  const fresh = page.getByRole("article", { name: "Impact: this number" });
  await fresh.getByLabel("What is counted").fill(impact.name);
  await fresh.getByLabel("What is counted").blur();
  const card = page.getByRole("article", { name: `Impact: “${impact.name}”` });
  await card.getByLabel(/^Kind of/).selectOption(impact.kind);
  for (const which of ["low", "likely", "high"] as const) {
    const field = card.getByLabel(new RegExp(`^${which} value`));
    await field.fill(impact[which]);
    await field.press("Enter");
  }
  await card.getByLabel(/^Where .* comes from$/).selectOption(impact.basis);
  const note = card.getByLabel(/^How .* was worked out$/);
  await note.fill(impact.note);
  await note.blur();
  await cite(page, `“${impact.name}”`, impact.cites ?? []);
}

export interface ActionText {
  readonly kind: "preventive" | "detective" | "corrective";
  readonly title: string;
  readonly owner: string;
  readonly due: string;
  readonly metric: string;
  readonly answers?: readonly string[];
  readonly query?: {
    readonly sql: string;
    readonly comparison: string;
    readonly threshold: string;
  };
}

export async function addAction(page: Page, action: ActionText): Promise<void> {
  await openTool(page, "Actions");
  await page.getByRole("button", { name: `Add a ${action.kind} action`, exact: true }).click();
  const fresh = page.getByRole("article", { name: "Action: this action" });
  await fresh.getByRole("textbox", { name: "What is done" }).fill(action.title);
  await fresh.getByRole("textbox", { name: "What is done" }).blur();
  const card = page.getByRole("article", { name: `Action: “${action.title}”` });
  for (const [label, text] of [
    [/^Owner of/, action.owner],
    [/^Success metric of/, action.metric],
  ] as const) {
    await card.getByLabel(label).fill(text);
    await card.getByLabel(label).blur();
  }
  await card.getByLabel(/^Due date of/).fill(action.due);
  if ((action.answers ?? []).length > 0) {
    await card.getByRole("button", { name: /^Factors that/ }).click();
    for (const factor of action.answers ?? []) {
      await page.getByRole("option", { name: factor }).click();
    }
    await page.keyboard.press("Escape");
  }
  if (action.query !== undefined) {
    const { sql, comparison, threshold } = action.query;
    await card.getByLabel(/^Check of/).selectOption("query");
    await card.getByLabel(/^Query of/).fill(sql);
    await card.getByLabel(/^Query of/).blur();
    await card.getByLabel(/^Comparison of/).selectOption(comparison);
    await card.getByLabel(/^Threshold of/).fill(threshold);
    await card.getByLabel(/^Threshold of/).press("Enter");
  }
}

/** Hands the report in and signs it off, which only a finished investigation lets one do. */
export async function signOff(page: Page, reviewer: string): Promise<void> {
  await showView(page, "Report");
  await page.getByRole("tab", { name: "Review", exact: true }).click();
  await page.getByLabel("Who reviews").fill(reviewer);
  await page.getByRole("button", { name: "Hand in for review" }).click();
  await page.getByRole("button", { name: "Sign off as final" }).click();
  await expect(page.getByRole("heading", { name: "Final, version 1" })).toBeVisible();
}

/** Exports the report in these formats from the Export tab. */
export async function exportFormats(page: Page, formats: readonly string[]): Promise<void> {
  await showView(page, "Report");
  await page.getByRole("tab", { name: "Export", exact: true }).click();
  for (const name of ["HTML", "PDF", "Word", "PowerPoint", "Markdown", "findings.json"]) {
    const box = page.getByRole("checkbox", { name: new RegExp(`^${name}`) });
    if (formats.includes(name)) await box.check({ force: true });
    else await box.uncheck({ force: true });
  }
  const written = page.locator(".iq-exports li");
  const before = await written.count();
  await page.getByRole("button", { name: "Export report" }).click();
  await expect(written).toHaveCount(before + formats.length, { timeout: 120_000 });
}
