import { describe, expect, test } from "vitest";
import { parametersOf } from "../../../shared/templates/match-template.ts";
import { mergeShapes } from "../../../shared/templates/merge-shapes.ts";
import {
  anchorOf,
  applyTemplateEdits,
  type TemplateEdit,
} from "../../../shared/templates/template-edits.ts";
import type { Template } from "../../../shared/templates/template.ts";
import { shapesOf } from "./shapes.ts";

const MESSAGES = [
  "cupsd startup succeeded",
  "cupsd shutdown succeeded",
  "disk 5 is full",
  "disk 6 is full",
  "Invalid user amy from 10.0.0.1",
  "Invalid user ben from 10.0.0.1",
  "Invalid user cat from 10.0.0.1",
  "Invalid user dan from 10.0.0.1",
];
const mine = (messages: readonly string[]): Template[] => mergeShapes(shapesOf(messages));
const byText = (templates: readonly Template[], text: string): Template => {
  const found = templates.find((template) => template.text === text);
  if (found === undefined) throw new Error(`no template ${text}`);
  return found;
};
const texts = (templates: readonly Template[]): string[] =>
  templates.map(({ text, name, count }) => `${count} ${name ?? text}`).sort();

describe("edits", () => {
  const templates = mine(MESSAGES);
  const startup = byText(templates, "cupsd startup succeeded");
  const shutdown = byText(templates, "cupsd shutdown succeeded");
  const merge: TemplateEdit = {
    kind: "merge",
    into: anchorOf(startup),
    others: [anchorOf(shutdown)],
  };

  test("rename", () => {
    const edit: TemplateEdit = { kind: "rename", template: anchorOf(startup), name: "Print up" };
    const edited = applyTemplateEdits(templates, [edit]);
    expect(texts(edited)).toContain("1 Print up");
    expect(edited.map(({ id }) => id).sort()).toEqual(templates.map(({ id }) => id).sort());
  });

  test("merge: one template with the first one's id that matches the messages of both", () => {
    const edited = applyTemplateEdits(templates, [merge]);
    const joined = edited.find(({ id }) => id === startup.id);
    expect(joined?.count).toBe(2);
    expect(edited).toHaveLength(templates.length - 1);
    expect(joined && parametersOf(joined, "cupsd shutdown succeeded")).toEqual([]);
  });

  test("split: shapes leave, and those that come later stay", () => {
    const invalid = byText(templates, "Invalid user <*> from <*>");
    const amy = shapesOf(["Invalid user amy from 9.9.9.9"])[0]?.id ?? 0;
    const edit: TemplateEdit = { kind: "split", template: anchorOf(invalid), shapes: [amy] };
    const edited = applyTemplateEdits(templates, [edit]);
    expect(texts(edited)).toContain("1 Invalid user amy from <*>");
    expect(texts(edited)).toContain("3 Invalid user <*> from <*>");
    const later = applyTemplateEdits(
      mine([...MESSAGES, "Invalid user amy from 10.0.0.1", "Invalid user eve from 10.0.0.1"]),
      [edit],
    );
    expect(texts(later)).toContain("2 Invalid user amy from <*>");
    expect(texts(later)).toContain("4 Invalid user <*> from <*>");
    const idOf = (all: readonly Template[]) => byText(all, "Invalid user amy from <*>").id;
    expect(idOf(later)).toBe(idOf(edited));
  });

  test("an edit holds when more lines have changed the template's text", () => {
    const few = mine(["Invalid user amy from 10.0.0.1"]);
    const edits: TemplateEdit[] = few.map((template) => {
      return { kind: "rename", template: anchorOf(template), name: "Unknown user" };
    });
    expect(texts(applyTemplateEdits(mine(MESSAGES), edits))).toContain("4 Unknown user");
  });

  test("edits of what is gone change nothing; order of templates does not matter", () => {
    const gone = { id: "0", shapes: [1] };
    const edits: TemplateEdit[] = [
      { kind: "rename", template: gone, name: "x" },
      { kind: "merge", into: gone, others: [gone] },
      { kind: "split", template: gone, shapes: [1] },
    ];
    expect(applyTemplateEdits(templates, edits)).toEqual(templates);
    const turned = applyTemplateEdits(templates.toReversed(), [merge]);
    expect(turned).toEqual(applyTemplateEdits(templates, [merge]));
  });

  test("no line is lost by any edit", () => {
    const edited = applyTemplateEdits(templates, [merge, merge]);
    expect(edited.reduce((sum, { count }) => sum + count, 0)).toBe(MESSAGES.length);
  });
});
