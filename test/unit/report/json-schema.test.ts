import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findingsJsonSchema } from "../../../shared/report/json-schema.ts";

const PATH = "resources/schema/findings-1.schema.json";

test("the published schema is that of the code (UPDATE_SCHEMA=1 rewrites it)", () => {
  const text = `${JSON.stringify(findingsJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(PATH, text);
  expect(readFileSync(PATH, "utf8")).toBe(text);
});
