import { mergeShapes } from "./merge-shapes.ts";
import type { Shape } from "./shape.ts";
import { compareTemplates, idOfText, type Template } from "./template.ts";

/**
 * The template that an edit means: its id when the edit was made and its shapes
 * then. When more lines have changed its text, and so its id, the shapes tell it.
 */
export interface TemplateAnchor {
  readonly id: string;
  readonly shapes: readonly number[];
}

/** What a person changes by hand; the edits of a case are applied in their order. */
export type TemplateEdit =
  | { readonly kind: "rename"; readonly template: TemplateAnchor; readonly name: string }
  /** All of them become one, which keeps the id of the first. */
  | {
      readonly kind: "merge";
      readonly into: TemplateAnchor;
      readonly others: readonly TemplateAnchor[];
    }
  /** These shapes leave it and are one template of their own. */
  | {
      readonly kind: "split";
      readonly template: TemplateAnchor;
      readonly shapes: readonly number[];
    };

export function anchorOf(template: Template): TemplateAnchor {
  return { id: template.id, shapes: template.shapeIds };
}

/** Templates with the edits made; an edit whose templates are gone changes nothing. */
export function applyTemplateEdits(
  templates: readonly Template[],
  edits: readonly TemplateEdit[],
): Template[] {
  let edited = [...templates];
  for (const edit of edits) edited = applyEdit(edited, edit);
  return edited.sort(compareTemplates);
}

function applyEdit(templates: Template[], edit: TemplateEdit): Template[] {
  switch (edit.kind) {
    case "rename":
      return renameTemplate(templates, edit.template, edit.name);
    case "merge":
      return joinTemplates(templates, [edit.into, ...edit.others]);
    case "split":
      return splitTemplate(templates, edit.template, edit.shapes);
  }
}

function renameTemplate(templates: Template[], anchor: TemplateAnchor, name: string): Template[] {
  const meant = findTemplate(templates, anchor);
  return templates.map((template) => (template === meant ? { ...template, name } : template));
}

function joinTemplates(templates: Template[], anchors: readonly TemplateAnchor[]): Template[] {
  const meant = new Set<Template>();
  for (const anchor of anchors) {
    // A template that more lines have cut in two is meant in both its parts.
    for (const template of templatesOfAnchor(templates, anchor)) meant.add(template);
  }
  const [first, ...others] = meant;
  if (first === undefined || others.length === 0) return templates;
  const joined: Template = {
    ...first,
    id: anchors[0]?.id ?? first.id,
    forms: [first, ...others].flatMap((template) => template.forms),
    ...membersOf([first, ...others].flatMap((template) => template.shapes)),
  };
  return [...templates.filter((template) => !meant.has(template)), joined];
}

function splitTemplate(
  templates: Template[],
  anchor: TemplateAnchor,
  shapes: readonly number[],
): Template[] {
  const leaving = new Set(shapes);
  const meant = templatesOfAnchor(templates, anchor).find((template) =>
    template.shapeIds.some((id) => leaving.has(id)),
  );
  if (meant === undefined) return templates;
  const taken = meant.shapes.filter((shape) => leaving.has(shape.id));
  const kept = meant.shapes.filter((shape) => !leaving.has(shape.id));
  if (taken.length === 0 || kept.length === 0) return templates;
  const own = templateOfShapes(taken);
  // Its text may be that of the one it leaves: where values differ, not words.
  const id = idOfText(`${anchor.id} ${shapes.toSorted((a, b) => a - b).join(" ")}`);
  const rest: Template = { ...meant, ...membersOf(kept) };
  return [...templates.filter((template) => template !== meant), rest, { ...own, id }];
}

/** One template of shapes that a person holds to be one, whatever the merging says. */
function templateOfShapes(shapes: readonly Shape[]): Template {
  const [first, ...others] = mergeShapes(shapes);
  if (first === undefined) throw new Error("a template needs a shape");
  return {
    ...first,
    forms: [first, ...others].flatMap((template) => template.forms),
    ...membersOf(shapes),
  };
}

function membersOf(shapes: readonly Shape[]): Pick<Template, "shapes" | "shapeIds" | "count"> {
  const ordered = shapes.toSorted((a, b) => a.id - b.id);
  return {
    shapes: ordered,
    shapeIds: ordered.map((shape) => shape.id),
    count: ordered.reduce((sum, shape) => sum + shape.count, 0),
  };
}

/** The template with the anchor's id, else the one that has most lines of its shapes. */
function findTemplate(
  templates: readonly Template[],
  anchor: TemplateAnchor,
): Template | undefined {
  return templatesOfAnchor(templates, anchor)[0];
}

/** Every template that has shapes of the anchor, the one that is meant first. */
function templatesOfAnchor(templates: readonly Template[], anchor: TemplateAnchor): Template[] {
  const wanted = new Set(anchor.shapes);
  const linesOf = (template: Template): number =>
    template.shapes.reduce((sum, shape) => sum + (wanted.has(shape.id) ? shape.count : 0), 0);
  return templates
    .map((template) => ({ template, lines: linesOf(template), isNamed: template.id === anchor.id }))
    .filter(({ lines, isNamed }) => lines > 0 || isNamed)
    .sort(
      (a, b) =>
        Number(b.isNamed) - Number(a.isNamed) ||
        b.lines - a.lines ||
        compareTemplates(a.template, b.template),
    )
    .map(({ template }) => template);
}
