import { Button, Checkbox, InputGroup } from "@blueprintjs/core";
import { useState } from "react";
import type { TemplateSummary } from "../../../shared/analysis/list-templates.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { count, integer, timeWithZone } from "../../widgets/format.ts";
import { anchorOf } from "./anchor.ts";
import { TemplateText } from "./template-text.tsx";

/** One template: its text, where it is, and the kinds of messages in it, which can be taken out. */
export function TemplateDetail({ template }: { template: TemplateSummary }) {
  const zone = useView((s) => s.timezone);
  const append = useCase((s) => s.append);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [name, setName] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<ReadonlySet<number>>(new Set());
  const rename = () => {
    if (name === null || name.trim() === (template.name ?? "")) return;
    void append({
      type: "template/edited",
      data: { kind: "rename", template: anchorOf(template), name: name.trim() },
    });
    setName(null);
  };
  const split = () => {
    void append({
      type: "template/edited",
      data: { kind: "split", template: anchorOf(template), shapes: [...leaving] },
    });
    setLeaving(new Set());
  };
  return (
    <div className="iq-detail">
      <h2 className="iq-template-text iq-mono">
        <TemplateText text={template.text} />
      </h2>
      <dl className="iq-facts">
        <dt>Name</dt>
        <dd>
          <InputGroup
            size="small"
            aria-label="Name of the template"
            placeholder="none: shown by its text"
            disabled={readOnly}
            value={name ?? template.name ?? ""}
            onValueChange={setName}
            onBlur={rename}
            onKeyDown={(e) => {
              if (e.key === "Enter") rename();
              else if (e.key === "Escape") setName(null);
            }}
          />
        </dd>
        <dt>Lines</dt>
        <dd>
          {count(template.count, "line")}, {integer(template.errors)} of them errors
          {template.baseline !== null && template.incident !== null && (
            <>
              {" "}
              · <span className="iq-baseline-number">{integer(template.baseline)}</span> in the
              baseline, <span className="iq-incident-number">{integer(template.incident)}</span> in
              the incident
            </>
          )}
        </dd>
        <dt>Where</dt>
        <dd>
          {template.service ?? "no service is named"}
          {template.services > 1 && ` and ${count(template.services - 1, "other service")}`}
        </dd>
        <dt>When</dt>
        <dd>
          {template.first === null
            ? "its lines have no time"
            : `${timeWithZone(template.first, zone)} to ${timeWithZone(template.last, zone)}`}
        </dd>
      </dl>
      <div className="iq-page-head">
        <h3>Kinds of messages</h3>
        <Button
          size="small"
          text="Split off"
          title="Make the marked kinds a template of their own"
          disabled={readOnly || leaving.size === 0 || leaving.size === template.shapes.length}
          onClick={split}
        />
      </div>
      <ul className="iq-template-shapes">
        {template.shapes.length === 1 && (
          <li>
            <span className="iq-mono">{template.shapes[0]?.example}</span>
          </li>
        )}
        {(template.shapes.length === 1 ? [] : template.shapes).map((shape) => (
          <li key={shape.id}>
            <Checkbox
              checked={leaving.has(shape.id)}
              disabled={readOnly}
              onChange={() => {
                const next = new Set(leaving);
                if (!next.delete(shape.id)) next.add(shape.id);
                setLeaving(next);
              }}
            >
              <span className="iq-mono">{shape.example}</span>
              <span className="iq-muted"> {count(shape.count, "line")}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </div>
  );
}
