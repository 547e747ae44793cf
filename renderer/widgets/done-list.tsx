import { Button } from "@blueprintjs/core";
import { TickCircleIcon } from "@blueprintjs/icons";
import "./done-list.css";

interface DoneListProps {
  readonly missing: readonly {
    readonly id: string;
    readonly what: string;
    readonly where: string;
    readonly severity: "needed" | "advised";
  }[];
  /** Leads to where it is done. */
  readonly onGo: (where: string) => void;
}

/** What is missing, what is needed first, each with the way to it. */
export function DoneList({ missing, onGo }: DoneListProps) {
  if (missing.length === 0) {
    return (
      <p className="iq-done-all">
        <TickCircleIcon /> Nothing is missing.
      </p>
    );
  }
  return (
    <ul className="iq-done" aria-label="What is missing">
      {missing.map((m) => (
        <li key={m.id} data-missing={m.id}>
          <span className={m.severity === "needed" ? "iq-done-needed" : "iq-muted"}>
            {m.severity}
          </span>
          <Button
            size="small"
            variant="minimal"
            text={m.what}
            onClick={() => {
              onGo(m.where);
            }}
          />
        </li>
      ))}
    </ul>
  );
}
