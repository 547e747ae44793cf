import { Button, Checkbox, HTMLSelect } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon, EditIcon, TrashIcon } from "@blueprintjs/icons";
import { useState } from "react";
import { BLOCK_KINDS, type Audience, type ReportBlock } from "../../../shared/model/reasoning.ts";
import { BLOCK_TITLES, blocksOf, newBlock } from "../../../shared/report/default-blocks.ts";
import { newItemId } from "../../data/items.ts";
import { currentParts, ownParts, saveParts } from "../../data/report-parts.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { ReportText } from "../../data/report-text.tsx";

/** The parts of the report: which the chosen readers see, in which order, with which words. */
export function PartsList({ readOnly }: { readOnly: boolean }) {
  const own = useCase((s) => s.state?.items.blocks ?? NONE);
  const audience = useView((s) => s.audience);
  const [openId, setOpenId] = useState<string | null>(null);
  const parts = blocksOf(own);
  const save = (next: readonly ReportBlock[]) => void saveParts(next);
  const replace = (part: ReportBlock) => {
    save(currentParts().map((p) => (p.id === part.id ? part : p)));
  };
  const open = async (id: string) => {
    if (openId === id) {
      setOpenId(null);
      return;
    }
    if (!readOnly) await ownParts();
    setOpenId(id);
  };
  return (
    <>
      <ol className="iq-parts" aria-label="Parts of the report">
        {parts.map((part, index) => (
          <li key={part.id} className="iq-part" data-part={part.kind}>
            <div className="iq-part-head">
              <Checkbox
                checked={part.audiences.includes(audience)}
                disabled={readOnly}
                aria-label={`${titleOf(part)}: in the ${audience} report`}
                onChange={() => {
                  replace({ ...part, audiences: toggled(part.audiences, audience) });
                }}
              />
              <span className="iq-part-name iq-clip" title={titleOf(part)}>
                {titleOf(part)}
              </span>
              <Button
                size="small"
                variant="minimal"
                icon={<EditIcon />}
                aria-label={`Write in ${titleOf(part)}`}
                aria-expanded={openId === part.id}
                onClick={() => void open(part.id)}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<ArrowUpIcon />}
                aria-label={`Move ${titleOf(part)} up`}
                disabled={readOnly || index === 0}
                onClick={() => {
                  save(swapped(parts, index, index - 1));
                }}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<ArrowDownIcon />}
                aria-label={`Move ${titleOf(part)} down`}
                disabled={readOnly || index === parts.length - 1}
                onClick={() => {
                  save(swapped(parts, index, index + 1));
                }}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<TrashIcon />}
                aria-label={`Remove ${titleOf(part)}`}
                disabled={readOnly}
                onClick={() => {
                  save(parts.filter((p) => p.id !== part.id));
                }}
              />
            </div>
            {openId === part.id && <PartTexts part={part} readOnly={readOnly} />}
          </li>
        ))}
      </ol>
      <AddPart
        readOnly={readOnly}
        onAdd={(part) => {
          save([...currentParts(), part]);
          setOpenId(part.id);
        }}
      />
    </>
  );
}

const NONE: never[] = [];

function titleOf(part: ReportBlock): string {
  return part.title === "" ? BLOCK_TITLES[part.kind] : part.title;
}

function toggled(audiences: readonly Audience[], audience: Audience): Audience[] {
  return audiences.includes(audience)
    ? audiences.filter((a) => a !== audience)
    : [...audiences, audience];
}

function swapped(parts: readonly ReportBlock[], a: number, b: number): ReportBlock[] {
  const next = [...parts];
  const [first, second] = [next[a], next[b]];
  if (first === undefined || second === undefined) return next;
  next[a] = second;
  next[b] = first;
  return next;
}

function PartTexts({ part, readOnly }: { part: ReportBlock; readOnly: boolean }) {
  const key = (field: string) => `item/blocks/${part.id}/${field}` as const;
  return (
    <div className="iq-part-texts">
      <ReportText
        draftKey={key("title")}
        label="Title of the part"
        value={part.title}
        placeholder={BLOCK_TITLES[part.kind]}
        multiline={false}
        readOnly={readOnly}
      />
      <ReportText
        draftKey={key("text")}
        label="Text of the part"
        value={part.text}
        placeholder={
          part.kind === "text"
            ? "Write. A line that begins with - is an item of a list."
            : "Words before its content."
        }
        multiline
        readOnly={readOnly}
      />
      <ReportText
        draftKey={key("notes")}
        label="Speaker notes"
        value={part.notes}
        placeholder="What you say when you present it."
        multiline
        readOnly={readOnly}
      />
    </div>
  );
}

/** Kinds that show a finding, or a part of one. */
const OF_FINDING: ReadonlySet<ReportBlock["kind"]> = new Set<ReportBlock["kind"]>([
  "finding",
  "chart",
  "table",
]);

/** Kinds that are there once at most are offered only while they are missing. */
function AddPart({ readOnly, onAdd }: { readOnly: boolean; onAdd: (part: ReportBlock) => void }) {
  const own = useCase((s) => s.state?.items.blocks ?? NONE);
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const present = new Set(blocksOf(own).map((p) => p.kind));
  const kinds = BLOCK_KINDS.filter(
    (kind) => !OF_FINDING.has(kind) && (kind === "text" || !present.has(kind)),
  );
  const add = (value: string) => {
    const [kind, findingId] = value.split("|");
    const found = BLOCK_KINDS.find((k) => k === kind);
    if (found !== undefined) {
      onAdd({ ...newBlock(newItemId(), found), findingId: findingId ?? null });
    }
  };
  return (
    <HTMLSelect
      aria-label="Add a part"
      value=""
      disabled={readOnly}
      onChange={(e) => {
        add(e.currentTarget.value);
      }}
    >
      <option value="">Add a part…</option>
      {kinds.map((kind) => (
        <option key={kind} value={kind}>
          {BLOCK_TITLES[kind]}
        </option>
      ))}
      {findings.map((finding, index) => (
        <optgroup key={finding.id} label={`Finding ${index + 1}: ${finding.title.slice(0, 60)}`}>
          <option value={`finding|${finding.id}`}>Finding {index + 1} as a whole</option>
          {finding.chart !== null && (
            <option value={`chart|${finding.id}`}>Chart of finding {index + 1}</option>
          )}
          {(finding.numbers !== null || finding.rows.length > 0) && (
            <option value={`table|${finding.id}`}>Table of finding {index + 1}</option>
          )}
        </optgroup>
      ))}
    </HTMLSelect>
  );
}
