import { Button, HTMLSelect } from "@blueprintjs/core";
import { PlusIcon, TrashIcon } from "@blueprintjs/icons";
import type { RefObject } from "react";
import type { FishboneCategory, FishboneCause } from "../../../../shared/model/reasoning.ts";
import { WordingAdvice } from "../../../data/advised-text.tsx";
import { changeItem } from "../../../data/items.ts";
import { CiteFindings } from "../cite-findings.tsx";

interface FishboneStripProps {
  readonly cause: FishboneCause;
  readonly categories: readonly FishboneCategory[];
  readonly takesMore: boolean;
  readonly readOnly: boolean;
  readonly moveMenu: RefObject<HTMLSelectElement | null>;
  readonly onAdd: () => void;
  readonly onMove: (categoryId: string) => void;
  readonly onCite: (findingIds: string[]) => void;
  readonly onRemove: () => void;
}

/** What can be done with the chosen cause, under the picture. */
export function FishboneStrip(props: FishboneStripProps) {
  const { cause, categories, takesMore, readOnly, moveMenu, onAdd, onMove, onCite, onRemove } =
    props;
  const name = cause.text.trim() === "" ? "Cause without a text" : cause.text;
  return (
    <>
      <strong className="iq-fish-chosen iq-clip" title={name}>
        {name}
      </strong>
      <CiteFindings
        cited={cause.findingIds}
        readOnly={readOnly}
        subject={`cause ${name}`}
        onChange={onCite}
      />
      <Button
        size="small"
        icon={<PlusIcon size={14} />}
        text="Sub-cause"
        disabled={readOnly || !takesMore}
        onClick={onAdd}
      />
      <HTMLSelect
        ref={moveMenu}
        className="iq-fish-move"
        aria-label={`Move cause ${name} to`}
        value=""
        disabled={readOnly}
        onChange={(e) => {
          onMove(e.currentTarget.value);
        }}
      >
        <option value="" disabled>
          Move to…
        </option>
        {categories
          .filter((c) => c.id !== cause.categoryId || cause.parentId !== null)
          .map((c) => (
            <option key={c.id} value={c.id}>
              {c.name.trim() === "" ? "unnamed bone" : c.name}
            </option>
          ))}
      </HTMLSelect>
      <Button
        size="small"
        variant="minimal"
        icon={<TrashIcon size={14} />}
        text="Remove"
        disabled={readOnly}
        onClick={onRemove}
      />
      {!readOnly && (
        <WordingAdvice
          text={cause.text}
          replace={(text) => {
            void changeItem("causes", cause.id, (now) => ({ ...now, text }));
          }}
        />
      )}
    </>
  );
}
