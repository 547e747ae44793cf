import { describe, expect, test } from "vitest";
import type { CaseEvent, JournalLine } from "../../../shared/case/events.ts";
import { foldJournal } from "../../../shared/case/fold.ts";
import { refusedWhenFinal } from "../../../shared/case/review.ts";
import { isFinal, reviewOf } from "../../../shared/model/review.ts";

const lines = (...events: CaseEvent[]): JournalLine[] =>
  events.map((event, seq) => ({ ...event, seq, at: "", actor: "", prev: "", hash: "" }));

const why = (id: string, parentId: string | null): CaseEvent => ({
  type: "item/set",
  data: {
    collection: "whys",
    item: { id, parentId, text: id, area: "technology", findingIds: ["f1"], assumption: false },
  },
});
const hypothesis = (id: string): CaseEvent => ({
  type: "item/set",
  data: { collection: "hypotheses", item: { id, title: id, note: "", layer: "data" } },
});
const cell = (findingId: string, hypothesisId: string): CaseEvent => ({
  type: "item/set",
  data: {
    collection: "cells",
    item: {
      id: `${findingId}/${hypothesisId}`,
      findingId,
      hypothesisId,
      rating: "I",
      reason: "",
    },
  },
});

describe("items of the reasoning tools", () => {
  test("what hangs on an item goes with it, and undo brings all of it back", () => {
    const made = [why("a", null), why("b", "a"), why("c", "b"), why("d", null)];
    const removed: CaseEvent = { type: "item/removed", data: { collection: "whys", id: "a" } };
    const after = lines(...made, removed);
    expect(foldJournal(after).items.whys.map((w) => w.id)).toEqual(["d"]);
    const undone = lines(...made, removed, { type: "undo", data: { seq: 4 } });
    expect(foldJournal(undone).items.whys.map((w) => w.id)).toEqual(["a", "b", "c", "d"]);
  });

  test("a removed hypothesis takes its column of the matrix along", () => {
    const state = foldJournal(
      lines(hypothesis("h1"), hypothesis("h2"), cell("f1", "h1"), cell("f1", "h2"), {
        type: "item/removed",
        data: { collection: "hypotheses", id: "h1" },
      }),
    );
    expect(state.items.cells.map((c) => c.id)).toEqual(["f1/h2"]);
  });

  test("a removed finding is cited nowhere any more", () => {
    const state = foldJournal(
      lines(why("a", null), hypothesis("h1"), cell("f1", "h1"), cell("f2", "h1"), {
        type: "finding/removed",
        data: { id: "f1" },
      }),
    );
    expect(state.items.whys[0]?.findingIds).toEqual([]);
    expect(state.items.cells.map((c) => c.findingId)).toEqual(["f2"]);
  });

  test("a text goes into a text field and nowhere else", () => {
    const edit = (field: string, text: string): CaseEvent => ({
      type: "item/text-edited",
      data: { collection: "whys", id: "a", field, text },
    });
    const [item] = foldJournal(
      lines(
        why("a", null),
        edit("text", "because"),
        edit("area", "no such area"),
        edit("findingIds", "x"),
        edit("nothing", "x"),
      ),
    ).items.whys;
    expect(item).toEqual({
      id: "a",
      parentId: null,
      text: "because",
      area: "technology",
      findingIds: ["f1"],
      assumption: false,
    });
  });

  test("several items are set and removed in one step", () => {
    const state = foldJournal(
      lines(hypothesis("h1"), {
        type: "items/set",
        data: {
          items: [
            { collection: "hypotheses", item: { id: "h2", title: "", note: "", layer: "data" } },
            { collection: "hypotheses", item: { id: "h3", title: "", note: "", layer: "data" } },
          ],
          removed: [{ collection: "hypotheses", id: "h1" }],
        },
      }),
    );
    expect(state.items.hypotheses.map((h) => h.id)).toEqual(["h2", "h3"]);
  });
});

describe("a final report", () => {
  const step = (status: "draft" | "in review" | "final", version: number): CaseEvent => ({
    type: "review/set",
    data: { status, version, by: "Ada", note: "", at: "2024-05-01T00:00:00Z" },
  });
  const final = lines(step("in review", 1), step("final", 1));
  const summary: CaseEvent = { type: "summary/edited", data: { text: "x" } };

  test("is not edited, not even by undo, and says how to go on", () => {
    expect(isFinal(foldJournal(final))).toBe(true);
    for (const event of [summary, why("a", null), { type: "undo", data: { seq: 0 } } as const]) {
      expect(refusedWhenFinal(final, [event])).toMatch(/final \(version 1.*Begin version 2/);
    }
    expect(refusedWhenFinal(final, [step("draft", 1)])).not.toBeNull();
  });

  test("is superseded by the next version, in which everything can be edited", () => {
    expect(refusedWhenFinal(final, [step("draft", 2)])).toBeNull();
    const next = lines(step("in review", 1), step("final", 1), step("draft", 2));
    expect(refusedWhenFinal(next, [summary])).toBeNull();
    expect(reviewOf(foldJournal(next))).toMatchObject({ status: "draft", version: 2 });
  });

  test("is exported and checked as often as one likes", () => {
    const exported: CaseEvent = {
      type: "report/exported",
      data: { path: "r.html", format: "html", sha256: "", at: "" },
    };
    expect(refusedWhenFinal(final, [exported])).toBeNull();
    expect(refusedWhenFinal(lines(summary), [summary])).toBeNull();
  });
});
