import { Button } from "@blueprintjs/core";
import { useMemo, type ReactNode } from "react";
import { findingsWithNumber, linkNumber, partsOf } from "../../shared/reasoning/linked-numbers.ts";
import { useCase } from "../state/case-store.ts";
import { AdvisedText } from "./advised-text.tsx";
import type { DraftKey } from "./drafts.ts";

interface ReportTextProps {
  readonly draftKey: DraftKey;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly multiline: boolean;
  readonly readOnly: boolean;
}

/**
 * A text that readers of the report will see: advice on its wording, and its
 * numbers, each with the findings that hold it, to be linked by a click.
 */
export function ReportText(props: ReportTextProps) {
  return (
    <AdvisedText
      {...props}
      below={(text: string, replace: (next: string) => void): ReactNode =>
        props.readOnly ? null : <NumberLinks text={text} replace={replace} />
      }
    />
  );
}

/** Numbers that name no finding yet; the report says of them that they were typed by hand. */
function NumberLinks({ text, replace }: { text: string; replace: (next: string) => void }) {
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const open = useMemo(
    () =>
      partsOf(text, findings)
        .filter((part) => part.kind === "number" && part.findingId === null)
        .map((part) => ({ part, holders: findingsWithNumber(part.text, findings) })),
    [text, findings],
  );
  if (open.length === 0) return null;
  return (
    <ul className="iq-advice" aria-label="Numbers without a source">
      {open.map(({ part, holders }, index) => (
        <li key={`${index}/${part.text}`}>
          <span>
            <strong>{part.text}</strong>{" "}
            {holders.length === 0
              ? "is in no finding: the report marks it as typed by hand"
              : "is in"}
          </span>
          {part.kind === "number" &&
            holders.slice(0, 3).map((finding) => (
              <Button
                key={finding.id}
                size="small"
                variant="outlined"
                text={`F${findings.indexOf(finding) + 1}`}
                title={finding.title}
                aria-label={`Link ${part.text} to finding ${findings.indexOf(finding) + 1}: ${finding.title}`}
                onClick={() => {
                  replace(linkNumber(text, part, finding.id));
                }}
              />
            ))}
        </li>
      ))}
    </ul>
  );
}

const NONE: never[] = [];
