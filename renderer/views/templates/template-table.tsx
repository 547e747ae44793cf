import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type KeyboardEvent } from "react";
import type { TemplateSummary } from "../../../shared/analysis/list-templates.ts";
import { integer } from "../../widgets/format.ts";
import { TemplateText } from "./template-text.tsx";

interface Props {
  readonly templates: readonly TemplateSummary[];
  /** Both windows are set: their counts are shown. */
  readonly windowed: boolean;
  readonly current: string | null;
  readonly marked: ReadonlySet<string>;
  readonly onSelect: (id: string) => void;
  readonly onMark: (id: string) => void;
}

const ROW_HEIGHT = 44;

/** Templates, one below the other; arrow keys move, the space bar marks one for merging. */
export function TemplateTable(props: Props) {
  const { templates, windowed, current, marked, onSelect, onMark } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- only tells that it is not memoized
  const virtual = useVirtualizer({
    count: templates.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const index = templates.findIndex((t) => t.id === current);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === " " && current !== null) {
      event.preventDefault();
      onMark(current);
    }
    const next = templates[index + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    virtual.scrollToIndex(index + step);
  };
  return (
    <div
      ref={scroller}
      className="iq-template-rows"
      role="listbox"
      aria-label="Templates"
      aria-multiselectable="true"
      aria-activedescendant={current === null ? undefined : `template-${current}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => {
          const template = templates[item.index];
          if (template === undefined) return null;
          return (
            <div
              key={template.id}
              id={`template-${template.id}`}
              role="option"
              aria-selected={marked.has(template.id)}
              className="iq-template"
              data-current={template.id === current}
              style={{ height: ROW_HEIGHT, transform: `translateY(${String(item.start)}px)` }}
              onClick={(event) => {
                onSelect(template.id);
                if (event.ctrlKey || event.metaKey) onMark(template.id);
              }}
            >
              <span className="iq-template-mark" aria-hidden="true">
                {marked.has(template.id) ? "✓" : ""}
              </span>
              <div className="iq-template-body">
                <span className="iq-clip iq-mono" title={template.text}>
                  {template.name === null ? (
                    <TemplateText text={template.text} />
                  ) : (
                    <strong>{template.name}</strong>
                  )}
                </span>
                <span className="iq-muted iq-template-facts">
                  {template.service ?? "no service"}
                  {template.services > 1 && ` and ${String(template.services - 1)} more`}
                  {template.errors > 0 && (
                    <span className="iq-template-errors"> · {integer(template.errors)} errors</span>
                  )}
                </span>
              </div>
              <span className="iq-num">
                {integer(template.count)}
                {windowed && (
                  <span className="iq-template-windows">
                    <span className="iq-baseline-number" title="in the baseline">
                      {integer(template.baseline ?? 0)}
                    </span>
                    {" → "}
                    <span className="iq-incident-number" title="in the incident">
                      {integer(template.incident ?? 0)}
                    </span>
                  </span>
                )}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
