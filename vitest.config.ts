import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,integration}/**/*.test.{ts,tsx}"],
    environment: "node",
    pool: "forks",
    testTimeout: 60_000,
  },
});
