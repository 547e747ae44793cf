import type { TemplateSummary } from "../../../shared/analysis/list-templates.ts";
import type { TemplateAnchor } from "../../../shared/model/template-edit.ts";

/** How an edit names a template: by its id, and by its shapes should the id change. */
export function anchorOf(template: TemplateSummary): TemplateAnchor {
  return { id: template.id, shapes: template.shapes.map((s) => s.id) };
}
