import type { ReactNode } from "react";
import "./empty-state.css";

/** An empty view says the next step. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="iq-empty">
      <h2>{title}</h2>
      <p className="iq-muted">{children}</p>
      {action}
    </div>
  );
}
