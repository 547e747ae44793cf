import { describe, expect, test } from "vitest";
import type { CaseEvent } from "../../../shared/case/events.ts";
import { EMPTY_CASE, foldJournal, redoable, undoable } from "../../../shared/case/fold.ts";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import { evidenceOf, journalOf, pin, redo, undo, write } from "./journal-helpers.ts";

const created: CaseEvent = { type: "case/created", data: { name: "outage" } };

function findingsAfter(...events: CaseEvent[]): string {
  return foldJournal(journalOf(...events))
    .findings.map((finding) => finding.id)
    .join(" ");
}

describe("fold", () => {
  test("an empty journal is an empty case", () => {
    expect(foldJournal([])).toEqual(EMPTY_CASE);
  });

  test("later values replace earlier ones", () => {
    const window = { from: 1, to: 2 };
    const state = foldJournal(
      journalOf(
        created,
        { type: "case/renamed", data: { name: "checkout outage" } },
        { type: "windows/set", data: { which: "baseline", window } },
        { type: "windows/set", data: { which: "incident", window } },
        { type: "windows/set", data: { which: "incident", window: null } },
        { type: "symptom/set", data: { metric: "ctr", direction: "down" } },
        { type: "impact/set", data: { currency: "USD" } },
        write("one"),
        write("two"),
      ),
    );
    expect(state.name).toBe("checkout outage");
    expect(state.windows).toEqual({ baseline: window, incident: null });
    expect(state.symptom).toEqual({ metric: "ctr", direction: "down" });
    expect(state.impact).toEqual({ currency: "USD" });
    expect(state.summary).toBe("two");
  });

  test("a clock that is put right moves the times once, and back with 0 or by undo", () => {
    const clock = (correctedMs: number, why: string): CaseEvent => ({
      type: "evidence/clock-set",
      data: { id: "E1", correctedMs, why },
    });
    const item = {
      ...evidenceOf("E1"),
      ...{ from: 10_000_000, to: null, notes: [{ kind: "info" as const, message: "as read" }] },
      further: [
        { target: "events" as const, table: "events", columns: [], tableRows: 1, from: 0, to: 5 },
      ],
    };
    const events: CaseEvent[] = [
      created,
      { type: "evidence/imported", data: item },
      clock(90_000, "one"),
      clock(-2500, "two"),
    ];
    const [moved] = foldJournal(journalOf(...events)).evidence;
    expect(moved).toMatchObject({ from: 7_500_000, to: null, options: { correctedMs: -2500 } });
    expect(moved?.further?.[0]).toMatchObject({ from: -2_500_000, to: -2_499_995 });
    expect(moved?.notes.map((n) => n.message)).toEqual([
      "as read",
      "All times were moved by −2.5 s: two",
    ]);
    const [back] = foldJournal(journalOf(...events, clock(0, ""))).evidence;
    expect(back).toEqual(item);
    const lines = journalOf(...events, undo(4));
    expect(foldJournal(lines).evidence[0]?.from).toBe(100_000_000);
  });

  test("notes on the timeline are added together, changed field by field, removed", () => {
    const note = (id: string): TimelineNote => ({
      ...{ id, at: 10, to: null, text: id, layer: "people", kind: "note" },
      ...{ service: null, source: { name: "report.md", line: 3, quote: id } },
    });
    const lines = journalOf(
      created,
      { type: "timeline-notes/added", data: [note("a"), note("b"), note("c")] },
      { type: "timeline-note/edited", data: { id: "b", at: 20, to: 30, text: "later" } },
      { type: "timeline-note/removed", data: { id: "a" } },
    );
    const state = foldJournal(lines);
    expect(state.timelineNotes).toEqual([
      { ...note("b"), at: 20, to: 30, text: "later" },
      note("c"),
    ]);
    expect(undoable(lines)).toBe(lines.at(-1)?.seq);
  });

  test("an import that was started and did not end is unfinished", () => {
    const started = (id: string): CaseEvent => ({
      type: "evidence/import-started",
      data: { id, path: `/data/${id}`, importer: "csv", options: {} },
    });
    const state = foldJournal(
      journalOf(
        started("E1"),
        { type: "evidence/imported", data: evidenceOf("E1") },
        started("E2"),
        {
          type: "evidence/import-ended",
          data: { id: "E2", outcome: "cancelled", message: "" },
        },
        started("E3"),
      ),
    );
    expect(state.evidence.map((item) => item.id)).toEqual(["E1"]);
    expect(state.unfinishedImports).toEqual([{ id: "E3", path: "/data/E3" }]);
  });

  test("a changed role stands in the columns and in the options of a rebuild", () => {
    const state = foldJournal(
      journalOf(
        { type: "evidence/imported", data: evidenceOf("E1") },
        {
          type: "evidence/role-changed",
          data: { id: "E1", column: "age", role: "label" },
        },
        {
          type: "evidence/relocated",
          data: { id: "E1", path: "/new/place.csv" },
        },
      ),
    );
    expect(state.evidence[0]).toMatchObject({
      path: "/new/place.csv",
      name: "place.csv",
      columns: [{ name: "age", role: "label" }],
      options: { roles: { age: "label" } },
    });
  });

  test("a member keeps its name when its archive is found in another place", () => {
    const evidence = { ...evidenceOf("E1"), options: { member: "logs/a.log" } };
    const state = foldJournal(
      journalOf(
        { type: "evidence/imported", data: evidence },
        { type: "evidence/relocated", data: { id: "E1", path: "/new/b.zip" } },
      ),
    );
    expect(state.evidence[0]).toMatchObject({ path: "/new/b.zip", name: "b.zip › logs/a.log" });
  });

  test("findings are moved, edited and removed", () => {
    const move = (id: string, to: number): CaseEvent => ({
      type: "finding/moved",
      data: { id, to },
    });
    const three = [pin("a"), pin("b"), pin("c")];
    expect(findingsAfter(...three, move("a", 2))).toBe("b c a");
    expect(findingsAfter(...three, move("c", 0))).toBe("c a b");
    expect(findingsAfter(...three, move("a", 99))).toBe("b c a");
    expect(findingsAfter(...three, move("x", 0))).toBe("a b c");
    expect(findingsAfter(...three, { type: "finding/removed", data: { id: "b" } })).toBe("a c");
    const edited = foldJournal(
      journalOf(pin("a"), {
        type: "finding/edited",
        data: { id: "a", note: "why" },
      }),
    );
    expect(edited.findings[0]).toMatchObject({ title: "a", note: "why" });
  });
});

describe("undo and redo", () => {
  // Drawn as: events, what undo and redo would act on, and the summary.
  test.each([
    { drawn: "w1", events: [write("1")], undo: 1, redo: null, summary: "1" },
    {
      drawn: "w1 u1",
      events: [write("1"), undo(1)],
      undo: null,
      redo: 1,
      summary: "",
    },
    {
      drawn: "w1 w2 u2",
      events: [write("1"), write("2"), undo(2)],
      undo: 1,
      redo: 2,
      summary: "1",
    },
    {
      drawn: "w1 w2 u2 u1",
      events: [write("1"), write("2"), undo(2), undo(1)],
      undo: null,
      redo: 1,
      summary: "",
    },
    {
      drawn: "w1 w2 u2 u1 r1",
      events: [write("1"), write("2"), undo(2), undo(1), redo(1)],
      undo: 1,
      redo: 2,
      summary: "1",
    },
    {
      drawn: "w1 u1 w3 (a new event ends redo)",
      events: [write("1"), undo(1), write("3")],
      undo: 3,
      redo: null,
      summary: "3",
    },
    {
      drawn: "w1 u9 (an undo of nothing)",
      events: [write("1"), undo(9)],
      undo: 1,
      redo: null,
      summary: "1",
    },
    {
      drawn: "w1 u1 r1 u1",
      events: [write("1"), undo(1), redo(1), undo(1)],
      undo: null,
      redo: 1,
      summary: "",
    },
  ])("$drawn", ({ events, undo: nextUndo, redo: nextRedo, summary }) => {
    const lines = journalOf(...events);
    expect(undoable(lines)).toBe(nextUndo);
    expect(redoable(lines)).toBe(nextRedo);
    expect(foldJournal(lines).summary).toBe(summary);
  });

  test("what happened outside the case cannot be undone", () => {
    const lines = journalOf(
      created,
      { type: "evidence/imported", data: evidenceOf("E1") },
      {
        type: "report/exported",
        data: { path: "/r.html", format: "html", sha256: "00", at: "" },
      },
    );
    expect(undoable(lines)).toBeNull();
    const forced = journalOf({ type: "evidence/imported", data: evidenceOf("E1") }, undo(1));
    expect(foldJournal(forced).evidence).toHaveLength(1);
  });

  test("removed evidence comes back", () => {
    const lines = journalOf(
      { type: "evidence/imported", data: evidenceOf("E1") },
      { type: "evidence/removed", data: { id: "E1" } },
      undo(2),
    );
    expect(foldJournal(lines).evidence.map((item) => item.id)).toEqual(["E1"]);
  });
});
