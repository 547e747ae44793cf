import { Button, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { PinIcon, SmallTickIcon } from "@blueprintjs/icons";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";

interface CiteFindingsProps {
  /** Ids of the findings that are cited. */
  readonly cited: readonly string[];
  readonly readOnly: boolean;
  /** What cites them, for the label of the button. */
  readonly subject: string;
  readonly onChange: (findingIds: string[]) => void;
}

/** The findings that something stands on, by their numbers, and a menu to choose them. */
export function CiteFindings({ cited, readOnly, subject, onChange }: CiteFindingsProps) {
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const numbered = findings.map((finding, index) => ({ finding, number: index + 1 }));
  const toggle = (id: string) => {
    onChange(cited.includes(id) ? cited.filter((c) => c !== id) : [...cited, id]);
  };
  return (
    <span className="iq-cites">
      {numbered
        .filter(({ finding }) => cited.includes(finding.id))
        .map(({ finding, number }) => (
          <Button
            key={finding.id}
            size="small"
            variant="outlined"
            text={`F${number}`}
            title={finding.title}
            aria-label={`Finding ${number}: ${finding.title}`}
            onClick={() => {
              useView.getState().selectFinding(finding.id);
              useView.getState().show("findings");
            }}
          />
        ))}
      <PopoverNext
        placement="bottom-start"
        content={
          <Menu className="iq-cite-menu" aria-label={`Findings for ${subject}`}>
            {numbered.length === 0 && (
              <MenuItem disabled text="No finding yet: pin one in Compare, Timeline or Logs" />
            )}
            {numbered.map(({ finding, number }) => (
              <MenuItem
                key={finding.id}
                roleStructure="listoption"
                selected={cited.includes(finding.id)}
                shouldDismissPopover={false}
                text={`F${number} ${finding.title}`}
                labelElement={cited.includes(finding.id) ? <SmallTickIcon /> : undefined}
                onClick={() => {
                  toggle(finding.id);
                }}
              />
            ))}
          </Menu>
        }
      >
        <Button
          size="small"
          variant="minimal"
          icon={<PinIcon />}
          text={cited.length === 0 ? "Cite findings" : undefined}
          aria-label={`Cite findings for ${subject}`}
          disabled={readOnly}
        />
      </PopoverNext>
    </span>
  );
}

const NONE: never[] = [];
