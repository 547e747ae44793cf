import { expect, test } from "vitest";
import { markdownOf, reportFixture } from "./report-fixture.ts";

const markdown = markdownOf(reportFixture());
const outsideCode = markdown
  .replace(/```[\s\S]*?```/g, "")
  .replace(/(?<!\\)(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, "code");

test("markup in names is escaped", () => {
  expect(outsideCode).not.toMatch(/(?<!\\)<(script|b)>/);
  expect(outsideCode).not.toMatch(/(?<!\\)\[link\]/);
  expect(markdown).not.toContain("\u202e");
  expect(markdown).toContain("(U+202E)");
});

test("rows of a table have as many cells as its header", () => {
  const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
  let width = 0;
  for (const line of outsideCode.split("\n")) {
    if (!line.startsWith("|")) width = 0;
    else if (width === 0) width = cells(line);
    else expect(cells(line)).toBe(width);
  }
});

test("every section is there", () => {
  const titles = [...markdown.matchAll(/^## (.*)$/gm)].map((m) => m[1]);
  expect(titles).toEqual([
    "Summary",
    "Key numbers",
    "Timeline",
    "Findings",
    "What changed",
    "Suspects",
    "Events",
    "Evidence",
    "What could not be read",
    "Methods and limits",
    "Appendix: queries",
  ]);
});

test("SQL with a fence of its own does not end the block", () => {
  const input = reportFixture();
  const [first] = input.state.findings;
  if (first?.provenance) first.provenance.sql = "SELECT 1 -- ```\nSELECT 2";
  const shown = markdownOf(input);
  expect(shown).toMatch(/^````+sql\nSELECT 1 -- ```\nSELECT 2\n````+$/m);
});

test("the numbers of pictures are there, and what was left out is counted", () => {
  expect(markdown).toContain("| mobile | 59 % | 34 % |");
  expect(markdown).toContain("10 weaker shifts");
  expect(markdown).toContain("`account_age` fell");
});
