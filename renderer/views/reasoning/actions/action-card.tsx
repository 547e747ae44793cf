import { Button, InputGroup, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { SmallTickIcon } from "@blueprintjs/icons";
import { ACTION_KINDS, ACTION_STATES, type Action } from "../../../../shared/model/reasoning.ts";
import { actionWarnings } from "../../../../shared/reasoning/actions.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { DraftText } from "../../../data/draft-text.tsx";
import { changeItem, removeItem } from "../../../data/items.ts";
import { Choice, Field, Objections, RemoveButton } from "../panel-parts.tsx";
import { useItems } from "../use-items.ts";
import { CheckEditor } from "./check-editor.tsx";

/** One action with its check. */
export function ActionCard({ action, readOnly }: { action: Action; readOnly: boolean }) {
  const { id } = action;
  const name = action.title.trim() === "" ? "this action" : `“${action.title}”`;
  const save = (change: Partial<Action>) => {
    void changeItem("actions", id, (now) => ({ ...now, ...change }));
  };
  const today = new Date().toISOString().slice(0, 10);
  return (
    <article className="iq-action" data-state={action.state} aria-label={`Action: ${name}`}>
      <AdvisedText
        draftKey={`item/actions/${id}/title`}
        label="What is done"
        value={action.title}
        placeholder="What is done"
        multiline={false}
        readOnly={readOnly}
      />
      <div className="iq-action-facts">
        <Field name="Owner">
          <DraftText
            draftKey={`item/actions/${id}/owner`}
            label={`Owner of ${name}`}
            value={action.owner}
            placeholder="Team or person"
            multiline={false}
            readOnly={readOnly}
          />
        </Field>
        <Field name="Due">
          <InputGroup
            type="date"
            aria-label={`Due date of ${name}`}
            value={action.due}
            disabled={readOnly}
            onValueChange={(due) => {
              if (/^(\d{4}-\d{2}-\d{2})?$/.test(due)) save({ due });
            }}
          />
        </Field>
        <Field name="State">
          <Choice
            label={`State of ${name}`}
            value={action.state}
            options={ACTION_STATES}
            readOnly={readOnly}
            onChoose={(state) => {
              save({ state });
            }}
          />
        </Field>
        <Field name="Kind">
          <Choice
            label={`Kind of ${name}`}
            value={action.kind}
            options={ACTION_KINDS}
            readOnly={readOnly}
            onChoose={(kind) => {
              save({ kind });
            }}
          />
        </Field>
        <Field name="Success metric">
          <DraftText
            draftKey={`item/actions/${id}/metric`}
            label={`Success metric of ${name}`}
            value={action.metric}
            placeholder="Measurable: null share of age below 0.5 % for 14 days"
            multiline={false}
            readOnly={readOnly}
          />
        </Field>
        <Field name="Answers">
          <FactorPicker action={action} name={name} readOnly={readOnly} />
        </Field>
        <RemoveButton
          label={`Remove ${name}`}
          readOnly={readOnly}
          onRemove={() => void removeItem("actions", id)}
        />
      </div>
      <CheckEditor action={action} name={name} readOnly={readOnly} />
      <Objections label={`Objections to ${name}`} texts={actionWarnings(action, today)} />
    </article>
  );
}

function FactorPicker(props: { action: Action; name: string; readOnly: boolean }) {
  const { action, name, readOnly } = props;
  const factors = useItems("factors");
  const chosen = factors.filter((f) => action.factorIds.includes(f.id));
  const words = chosen.length === 0 ? "No factor" : chosen.map((f) => f.text).join("; ");
  return (
    <PopoverNext
      placement="bottom-start"
      content={
        <Menu aria-label={`Factors for ${name}`} className="iq-cite-menu">
          {factors.length === 0 && <MenuItem disabled text="No factor yet: see Factors" />}
          {factors.map((factor) => {
            const isChosen = action.factorIds.includes(factor.id);
            return (
              <MenuItem
                key={factor.id}
                roleStructure="listoption"
                selected={isChosen}
                shouldDismissPopover={false}
                text={factor.text === "" ? "A factor without words" : factor.text}
                labelElement={isChosen ? <SmallTickIcon /> : undefined}
                onClick={() => {
                  void changeItem("actions", action.id, (now) => ({
                    ...now,
                    factorIds: isChosen
                      ? now.factorIds.filter((f) => f !== factor.id)
                      : [...now.factorIds, factor.id],
                  }));
                }}
              />
            );
          })}
        </Menu>
      }
    >
      <Button
        variant="outlined"
        className="iq-factor-picker"
        text={words}
        aria-label={`Factors that ${name} answers: ${words}`}
        disabled={readOnly}
      />
    </PopoverNext>
  );
}
