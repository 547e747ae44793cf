import { defineConfig } from "@playwright/test";

/** `npm run screenshots`: pictures of every view, dark and light, into `dist/screenshots/`. */
export default defineConfig({
  testDir: ".",
  testMatch: "screenshots.ts",
  outputDir: "../../dist/test-results/screenshots",
  timeout: 180_000,
  workers: 1,
  reporter: "list",
});
