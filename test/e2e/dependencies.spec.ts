import { expect, test } from "@playwright/test";
import { cleanUp, idle, launch, openSample, showView } from "../support/app.ts";

test("calls between services are drawn by two clicks, written as lines, and undone", async () => {
  const launched = await launch();
  const { page } = launched;
  try {
    await openSample(launched);
    await idle(page);
    await showView(page, "Suspects");
    await page.getByRole("button", { name: "Calls between services" }).click({ timeout: 60_000 });
    const drawing = page.getByRole("group", { name: "Calls between services, drawn" });
    const node = (name: string) => drawing.getByRole("button", { name, exact: true });
    await node("ranker").click();
    await expect(node("ranker")).toHaveAttribute("aria-pressed", "true");
    await node("profile-service").click();
    const lines = page.getByRole("textbox", { name: /one call a line/ });
    await expect(lines).toHaveValue("ranker -> profile-service");
    await expect(node("ranker")).toHaveAttribute("aria-description", "calls profile-service");
    await expect(drawing.locator("svg > path")).toHaveCount(1);

    // A service that nothing told of yet is written, and then drawn with the others.
    await lines.fill("ranker -> profile-service\nprofile-service -> feature-db");
    await lines.blur();
    await expect(drawing.locator("svg > path")).toHaveCount(2);
    await expect(node("feature-db")).toBeVisible();

    // The same two once more: the call is gone; undo brings it back.
    await node("ranker").click();
    await node("profile-service").click();
    await expect(lines).toHaveValue("profile-service -> feature-db");
    await page.keyboard.press("Control+z");
    await expect(drawing.locator("svg > path")).toHaveCount(2);
  } finally {
    await launched.close();
    cleanUp(launched);
  }
});
