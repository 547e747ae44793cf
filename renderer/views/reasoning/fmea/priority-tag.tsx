import type { Priority } from "../../../../shared/reasoning/fmea-priority-table.ts";

/** Three steps that differ in shape and colour. */
const SIGNS: Readonly<Record<Priority, string>> = { high: "▲", medium: "◆", low: "▽" };

/** An action priority in a word; a dash where it is not known. */
export function PriorityTag({ priority }: { readonly priority: Priority | null }) {
  if (priority === null) return <span className="iq-muted">–</span>;
  return (
    <span className="iq-fmea-priority" data-priority={priority}>
      <span aria-hidden="true">{SIGNS[priority]}</span> {priority}
    </span>
  );
}
