import { z } from "zod";

/** The template that an edit means: its id when the edit was made, and its shapes then. */
export const TemplateAnchor = z.object({ id: z.string(), shapes: z.array(z.number()) });
export type TemplateAnchor = z.infer<typeof TemplateAnchor>;

/** What a person changes of the templates of log messages; applied in their order. */
export const TemplateEdit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rename"), template: TemplateAnchor, name: z.string() }),
  /** All become one, which keeps the id of the first. */
  z.object({
    kind: z.literal("merge"),
    into: TemplateAnchor,
    others: z.array(TemplateAnchor),
  }),
  /** These shapes leave it and are a template of their own. */
  z.object({ kind: z.literal("split"), template: TemplateAnchor, shapes: z.array(z.number()) }),
]);
export type TemplateEdit = z.infer<typeof TemplateEdit>;
