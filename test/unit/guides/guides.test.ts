import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { foldJournal } from "../../../shared/case/fold.ts";
import type { CaseEvent, JournalLine } from "../../../shared/case/events.ts";
import { BUILT_IN_GUIDES } from "../../../shared/guides/built-in.ts";
import { guideProgress } from "../../../shared/guides/progress.ts";
import { readGuide } from "../../../shared/guides/read-guide.ts";

const lines = (...events: CaseEvent[]): JournalLine[] =>
  events.map((event, seq) => ({ ...event, seq, at: "", actor: "", prev: "", hash: "" }));

describe("guides", () => {
  test("five paths come with the application, each with steps of its own names", () => {
    expect(BUILT_IN_GUIDES.map((g) => g.id)).toEqual([
      "silent-degradation",
      "outage",
      "data-pipeline",
      "audit",
      "training",
    ]);
    for (const { steps } of BUILT_IN_GUIDES) {
      expect(new Set(steps.map((s) => s.id)).size).toBe(steps.length);
      expect(steps.some((s) => s.questions.length > 0)).toBe(true);
    }
  });

  test("the example in the repository can be read", () => {
    const path = "resources/guides/example-guide.yaml";
    const read = readGuide(readFileSync(path, "utf8"), path);
    expect(read.ok && read.value.steps.map((s) => s.id)).toEqual([
      "evidence",
      "double",
      "cause",
      "regulator",
    ]);
  });

  test.each([
    [
      "id: a\ntitle: A\nsteps:\n  - id: x\n    title: X\n    where: nowhere\n",
      /^g\.yaml, line 6: steps\.0\.where: write one of evidence/,
    ],
    [
      "id: a\ntitle: A\nsteps:\n  - id: x\n    title: X\n    where: report\n    when: now\n",
      /^g\.yaml, line 4: steps\.0: when means nothing here; known are id, title/,
    ],
    ["id: a\ntitle: A\nsteps: []\n", /^g\.yaml, line 3: steps: .*a list of steps/],
    ["id: a\n  title: [\n", /^g\.yaml, line \d: not valid YAML/],
    ["- a\n", /^g\.yaml, line 1: the guide: a guide has id, title and steps/],
    [
      "id: a\ntitle: A\nsteps:\n  - {id: x, title: X, where: report}\n  - {id: x, title: Y, where: report}\n",
      /^g\.yaml, line 5: two steps have the id x/,
    ],
    [
      '{"id": "a", "title": "A", "steps": [{"id": "x", "title": "", "where": "report"}]}',
      /^g\.yaml, line 1: steps\.0\.title/,
    ],
    ["a: &a [*a]\n", /g\.yaml/],
  ])("what is wrong is told with its line: %j", (text, message) => {
    const read = readGuide(text, "g.yaml");
    expect(read.ok).toBe(false);
    expect(read.ok ? "" : read.error[0]).toMatch(message);
  });

  test("a step ticks itself when the case shows it, others when a person says so", () => {
    const [guide] = BUILT_IN_GUIDES;
    if (guide === undefined) throw new Error("no guide");
    const begun = lines({ type: "guide/set", data: guide });
    expect(guideProgress(guide, foldJournal(begun))).toMatchObject({ done: 0, next: 0 });
    const on = lines(
      { type: "guide/set", data: guide },
      { type: "text/edited", data: { key: "problem", text: "Clicks fell." } },
      {
        type: "item/set",
        data: { collection: "answers", item: { id: "drift", done: true, note: "inputs only" } },
      },
    );
    const { steps, done } = guideProgress(guide, foldJournal(on));
    expect(done).toBe(2);
    expect(steps.find((s) => s.step.id === "problem")).toMatchObject({ done: true, seen: true });
    expect(steps.find((s) => s.step.id === "drift")).toMatchObject({
      done: true,
      seen: false,
      note: "inputs only",
    });
  });
});
