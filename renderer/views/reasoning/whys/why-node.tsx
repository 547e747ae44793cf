import { Button, Checkbox, HTMLSelect } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon } from "@blueprintjs/icons";
import { useEffect, useRef } from "react";
import { WHY_AREAS, type Why } from "../../../../shared/model/reasoning.ts";
import type { WhyBranch, WhyWarning } from "../../../../shared/reasoning/why-tree.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { changeItem, moveItem, removeItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { RemoveButton } from "../panel-parts.tsx";

interface WhyNodeProps {
  readonly branch: WhyBranch;
  readonly warnings: readonly WhyWarning[];
  /** The answer that was just added: its field takes the focus. */
  readonly freshId: string | null;
  readonly readOnly: boolean;
  readonly onAdd: (parentId: string | null, area?: Why["area"]) => void;
}

const AREA_NAMES: Readonly<Record<Why["area"], string>> = {
  technology: "Technology",
  product: "Product",
  process: "Process",
  people: "People",
  detection: "Detection",
  environment: "Environment",
};

/** One "because", its sources, and the answers below it. */
export function WhyNode({ branch, warnings, freshId, readOnly, onAdd }: WhyNodeProps) {
  const { why, number, children } = branch;
  const field = useRef<HTMLDivElement>(null);
  const isFresh = freshId === why.id;
  useEffect(() => {
    if (isFresh) field.current?.querySelector<HTMLElement>("textarea, input")?.focus();
  }, [isFresh]);
  const save = (change: Partial<Why>) => {
    void changeItem("whys", why.id, (now) => ({ ...now, ...change }));
  };
  const press = (event: React.KeyboardEvent) => {
    if (!event.altKey || readOnly) return;
    if (event.key === "Enter") onAdd(why.id);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      move(why, event.key === "ArrowUp" ? -1 : 1);
    } else return;
    event.preventDefault();
  };
  const own = warnings.filter((w) => w.whyId === why.id);
  return (
    <li className="iq-why" data-why={why.id} data-area={why.area}>
      <div className="iq-why-card" onKeyDown={press}>
        <span className="iq-why-number">{number}</span>
        <div ref={field} className="iq-why-text">
          <AdvisedText
            draftKey={`item/whys/${why.id}/text`}
            label={`Because ${number}`}
            value={why.text}
            placeholder="because …"
            multiline
            readOnly={readOnly}
          />
          <div className="iq-why-facts">
            <HTMLSelect
              aria-label={`What kind of answer ${number} is`}
              value={why.area}
              disabled={readOnly}
              options={WHY_AREAS.map((value) => ({ value, label: AREA_NAMES[value] }))}
              onChange={(e) => {
                const area = WHY_AREAS.find((a) => a === e.currentTarget.value);
                if (area !== undefined) save({ area });
              }}
            />
            <CiteFindings
              cited={why.findingIds}
              readOnly={readOnly}
              subject={`because ${number}`}
              onChange={(findingIds) => {
                save({ findingIds });
              }}
            />
            <Checkbox
              inline
              label="Assumption"
              checked={why.assumption}
              disabled={readOnly}
              onChange={() => {
                save({ assumption: !why.assumption });
              }}
            />
            <span className="iq-why-spring" />
            <Button
              size="small"
              variant="minimal"
              text="Ask why again"
              title="Alt+Enter"
              disabled={readOnly}
              onClick={() => {
                onAdd(why.id, nextArea(why.area));
              }}
            />
            <Button
              size="small"
              variant="minimal"
              icon={<ArrowUpIcon />}
              aria-label={`Move ${number} up`}
              disabled={readOnly}
              onClick={() => {
                move(why, -1);
              }}
            />
            <Button
              size="small"
              variant="minimal"
              icon={<ArrowDownIcon />}
              aria-label={`Move ${number} down`}
              disabled={readOnly}
              onClick={() => {
                move(why, 1);
              }}
            />
            <RemoveButton
              label={`Remove ${number} and what stands below it`}
              readOnly={readOnly}
              onRemove={() => void removeItem("whys", why.id)}
            />
          </div>
          {own.length > 0 && (
            <ul className="iq-whys-warnings" aria-label={`Questions about ${number}`}>
              {own.map((w) => (
                <li key={w.kind}>
                  {w.text}
                  {w.kind === "ends in technology" && (
                    <>
                      <Button
                        size="small"
                        variant="outlined"
                        text="Ask why it could happen"
                        disabled={readOnly}
                        onClick={() => {
                          onAdd(why.id, "process");
                        }}
                      />
                      <Button
                        size="small"
                        variant="outlined"
                        text="Ask why nobody noticed"
                        disabled={readOnly}
                        onClick={() => {
                          onAdd(why.id, "detection");
                        }}
                      />
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      {children.length > 0 && (
        <ol className="iq-why-list">
          {children.map((child) => (
            <WhyNode
              key={child.why.id}
              branch={child}
              warnings={warnings}
              freshId={freshId}
              readOnly={readOnly}
              onAdd={onAdd}
            />
          ))}
        </ol>
      )}
    </li>
  );
}

/** From something technical one usually comes to how it was done. */
function nextArea(area: Why["area"]): Why["area"] {
  return area === "technology" || area === "product" ? "process" : area;
}

/** Past the sibling before or after it. */
function move(why: Why, by: -1 | 1): void {
  const whys = useCase.getState().state?.items.whys ?? [];
  const siblings = whys.filter((w) => w.parentId === why.parentId);
  const other = siblings[siblings.findIndex((w) => w.id === why.id) + by];
  if (other === undefined) return;
  void moveItem(
    "whys",
    why.id,
    whys.findIndex((w) => w.id === other.id),
  );
}
