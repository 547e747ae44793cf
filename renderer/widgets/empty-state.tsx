import type { ReactNode } from "react";
import "./empty-state.css";

interface EmptyStateProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Inside a view that has its own heading. */
  readonly nested?: boolean;
}

/** An empty view says the next step. */
export function EmptyState({ title, children, action, nested = false }: EmptyStateProps) {
  return (
    <div className="iq-empty">
      {nested ? <h2>{title}</h2> : <h1>{title}</h1>}
      <p className="iq-muted">{children}</p>
      {action}
    </div>
  );
}
