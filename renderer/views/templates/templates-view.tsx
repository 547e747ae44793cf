import { Button, HTMLSelect, InputGroup, NonIdealState, Spinner } from "@blueprintjs/core";
import { SearchIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { TemplateSummary } from "../../../shared/analysis/list-templates.ts";
import { useWindowPair } from "../../data/comparison.ts";
import { useAnalysis, useTables } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { anchorOf } from "./anchor.ts";
import { TemplateDetail } from "./template-detail.tsx";
import { TemplateTable } from "./template-table.tsx";
import "./templates.css";

type Order = "count" | "change" | "errors" | "rare";

/** The statements behind the log lines: how often, where, and how often in each window. */
export default function TemplatesView() {
  const tables = useTables();
  const logs = tables.find((t) => t.name === "logs") ?? null;
  const windows = useWindowPair();
  const edits = useCase((s) => s.state?.templateEdits) ?? [];
  const append = useCase((s) => s.append);
  const show = useView((s) => s.show);
  const listed = useAnalysis("listTemplates", logs === null ? null : { logs, windows, edits }, {
    keepPrevious: true,
  });
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order>("count");
  const [currentId, setCurrentId] = useState<string | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const visible = useMemo(
    () => sorted(filtered(listed.data?.templates ?? [], words), order),
    [listed.data, words, order],
  );

  if (logs === null) {
    return (
      <EmptyState
        title="No log lines yet"
        action={
          <Button
            intent="primary"
            text="Add evidence"
            onClick={() => {
              show("evidence");
            }}
          />
        }
      >
        Log messages are grouped by the statement that wrote them, with their values masked. Add log
        files to see which statements there are.
      </EmptyState>
    );
  }
  if (listed.isError)
    return <EmptyState title="The templates could not be read">{listed.error.message}</EmptyState>;
  if (listed.data === undefined) {
    return <NonIdealState icon={<Spinner size={24} />} title="Grouping the messages" />;
  }
  const current = visible.find((t) => t.id === currentId) ?? visible[0];
  const chosen = listed.data.templates.filter((t) => marked.has(t.id));
  const merge = () => {
    const [into, ...others] = chosen;
    if (into === undefined) return;
    void append({
      type: "template/edited",
      data: { kind: "merge", into: anchorOf(into), others: others.map(anchorOf) },
    });
    setMarked(new Set());
    setCurrentId(into.id);
  };
  return (
    <div className="iq-split iq-templates">
      <div className="iq-pane iq-templates-list">
        <div className="iq-templates-head">
          <h1>
            {count(listed.data.templates.length, "template")}
            <span className="iq-muted"> of {count(listed.data.lines, "line")}</span>
          </h1>
          <div className="iq-templates-tools">
            <InputGroup
              size="small"
              leftElement={<SearchIcon className="iq-search-icon" />}
              placeholder="Filter by text or service"
              aria-label="Filter by text or service"
              value={words}
              onValueChange={setWords}
            />
            <HTMLSelect
              aria-label="Order"
              value={order}
              options={[
                { value: "count", label: "most frequent first" },
                { value: "change", label: "most changed first" },
                { value: "errors", label: "most errors first" },
                { value: "rare", label: "rarest first" },
              ]}
              onChange={(e) => {
                setOrder(e.currentTarget.value as Order);
              }}
            />
            <Button
              size="small"
              text={chosen.length < 2 ? "Merge" : `Merge ${String(chosen.length)}`}
              disabled={chosen.length < 2}
              title="Make the marked templates one"
              onClick={merge}
            />
          </div>
        </div>
        <TemplateTable
          templates={visible}
          windowed={windows !== null}
          current={current?.id ?? null}
          marked={marked}
          onSelect={setCurrentId}
          onMark={(id) => {
            const next = new Set(marked);
            if (!next.delete(id)) next.add(id);
            setMarked(next);
          }}
        />
      </div>
      <div className="iq-pane">
        {current !== undefined && <TemplateDetail key={current.id} template={current} />}
      </div>
    </div>
  );
}

function filtered(templates: readonly TemplateSummary[], words: string): TemplateSummary[] {
  const wanted = words.trim().toLowerCase();
  return templates.filter(
    (t) =>
      wanted === "" ||
      `${t.name ?? ""} ${t.text} ${t.service ?? ""}`.toLowerCase().includes(wanted),
  );
}

function sorted(templates: readonly TemplateSummary[], order: Order): TemplateSummary[] {
  const key: Record<Order, (t: TemplateSummary) => number> = {
    count: (t) => -t.count,
    change: (t) => -changeOf(t),
    errors: (t) => -t.errors,
    rare: (t) => t.count,
  };
  return templates.toSorted((a, b) => key[order](a) - key[order](b) || (a.text < b.text ? -1 : 1));
}

/** How far the counts of the windows are apart, small numbers weighing less. */
function changeOf({ baseline, incident }: TemplateSummary): number {
  if (baseline === null || incident === null) return 0;
  return Math.abs(Math.log((incident + 3) / (baseline + 3)));
}
