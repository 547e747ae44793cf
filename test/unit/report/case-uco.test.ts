import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { caseUco } from "../../../shared/bundle/case-uco.ts";
import { reportFixture } from "./report-fixture.ts";

const PATH = "test/reference/case-uco/case-uco.jsonld";
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

test("the case as CASE/UCO: as the graph that was validated with case-utils (UPDATE_CASE_UCO=1 rewrites it)", () => {
  const graph = caseUco({
    caseId: "3f0c3a52-6f0e-4f6b-9d3e-1f2a3b4c5d6e",
    state: reportFixture().state,
    createdAt: "2024-06-01T09:30:00Z",
    version: "0.1.0",
    hash,
  });
  const text = `${JSON.stringify(graph, null, 2)}\n`;
  if (process.env["UPDATE_CASE_UCO"] === "1") writeFileSync(PATH, text);
  expect(readFileSync(PATH, "utf8")).toBe(text);
});
