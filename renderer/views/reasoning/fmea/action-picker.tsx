import { Button, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { PlusIcon, SmallTickIcon } from "@blueprintjs/icons";
import { useView } from "../../../state/view-store.ts";
import { useItems } from "../use-items.ts";

interface ActionPickerProps {
  readonly chosen: readonly string[];
  readonly subject: string;
  readonly readOnly: boolean;
  readonly onChange: (actionIds: string[]) => void;
}

/** The actions against a failure mode, out of those of the case. */
export function ActionPicker({ chosen, subject, readOnly, onChange }: ActionPickerProps) {
  const actions = useItems("actions");
  const titleOf = (title: string) => (title.trim() === "" ? "action without a title" : title);
  const toggle = (id: string) => {
    onChange(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  };
  const taken = actions.filter((a) => chosen.includes(a.id));
  return (
    <div className="iq-fmea-actions">
      {taken.length > 0 && (
        <ul>
          {taken.map((a) => (
            <li key={a.id} title={`${titleOf(a.title)} (${a.state})`}>
              {titleOf(a.title)} <span className="iq-muted">{a.state}</span>
            </li>
          ))}
        </ul>
      )}
      <PopoverNext
        placement="bottom-start"
        content={
          <Menu className="iq-cite-menu" aria-label={`Actions for ${subject}`}>
            {actions.map((a) => (
              <MenuItem
                key={a.id}
                roleStructure="listoption"
                selected={chosen.includes(a.id)}
                shouldDismissPopover={false}
                text={titleOf(a.title)}
                labelElement={chosen.includes(a.id) ? <SmallTickIcon /> : undefined}
                onClick={() => {
                  toggle(a.id);
                }}
              />
            ))}
            <MenuItem
              text={
                actions.length === 0 ? "No action yet: add one under Actions…" : "Go to Actions…"
              }
              onClick={() => {
                useView.getState().setReasoningTab("actions");
              }}
            />
          </Menu>
        }
      >
        <Button
          size="small"
          variant="minimal"
          icon={<PlusIcon size={14} />}
          text={taken.length === 0 ? "Choose" : undefined}
          aria-label={`Choose actions for ${subject}`}
          disabled={readOnly}
        />
      </PopoverNext>
    </div>
  );
}
