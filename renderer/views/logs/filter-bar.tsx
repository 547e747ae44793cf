import { Button, HTMLSelect } from "@blueprintjs/core";
import { CrossIcon } from "@blueprintjs/icons";
import { useState } from "react";
import type { LogFacets } from "../../../shared/analysis/log-lines/line-facets.ts";
import type { LogField } from "../../../shared/model/log-query.ts";
import { useView } from "../../state/view-store.ts";
import { time } from "../../widgets/format.ts";
import { FieldMenu } from "./field-menu.tsx";
import { clearFilters, useLogs } from "../../state/log-state.ts";
import { useLogTemplates } from "./use-log-query.ts";

const FIELD_NAMES: Record<LogField, string> = { level: "Level", service: "Service", host: "Host" };

/** Which lines are kept: by level, service, host, template and time, each with what is chosen of it. */
export function FilterBar({ facets }: { facets: LogFacets | undefined }) {
  const logs = useLogs();
  const { fields, onlyTemplates, withoutTemplates, choose, change, colourBy } = logs;
  const [templatesAsked, setTemplatesAsked] = useState(false);
  const chosenTemplates = onlyTemplates.length > 0 ? onlyTemplates : withoutTemplates;
  const [templatesExcluded, setTemplatesExcluded] = useState(onlyTemplates.length === 0);
  const templates = useLogTemplates(templatesAsked || chosenTemplates.length > 0);
  const isExcluded =
    onlyTemplates.length > 0 ? false : withoutTemplates.length > 0 ? true : templatesExcluded;
  return (
    <div className="iq-log-filters" role="group" aria-label="Filters">
      {(["level", "service", "host"] as const).map((field) => {
        const values = facets?.[field] ?? null;
        if (values !== null && values.every((v) => v.value === null)) return null;
        const choice = fields[field];
        return (
          <FieldMenu
            key={field}
            label={FIELD_NAMES[field]}
            values={
              values?.map(({ value, lines }) => ({
                key: value,
                text: value ?? "not said",
                lines,
              })) ?? null
            }
            chosen={choice?.values ?? []}
            excluded={choice?.excluded ?? false}
            isCut={facets?.cut.includes(field) ?? false}
            onChange={(chosen, excluded) => {
              choose(field, chosen.length === 0 && !excluded ? null : { values: chosen, excluded });
            }}
          />
        );
      })}
      <FieldMenu
        label="Template"
        isMono
        values={
          templates?.map((t) => ({ key: t.id, text: t.name ?? t.text, lines: t.lines })) ?? null
        }
        chosen={chosenTemplates}
        excluded={isExcluded}
        onOpen={() => {
          setTemplatesAsked(true);
        }}
        onChange={(chosen, excluded) => {
          setTemplatesExcluded(excluded);
          const ids = chosen.filter((id) => id !== null);
          change(
            excluded
              ? { withoutTemplates: ids, onlyTemplates: [] }
              : { onlyTemplates: ids, withoutTemplates: [] },
          );
        }}
      />
      <Tags />
      <span className="iq-log-spring" />
      <label className="iq-log-colour">
        Colour by
        <HTMLSelect
          value={colourBy}
          options={[
            { value: "level", label: "level" },
            { value: "service", label: "service" },
            { value: "host", label: "host" },
          ]}
          onChange={(e) => {
            change({ colourBy: e.currentTarget.value as LogField });
          }}
        />
      </label>
    </div>
  );
}

/** What is filtered now, each to be taken away. */
function Tags() {
  const { fields, onlyTemplates, withoutTemplates, range, choose, change } = useLogs();
  const zone = useView((s) => s.timezone);
  const tags: { key: string; text: string; remove: () => void }[] = [];
  for (const field of ["level", "service", "host"] as const) {
    const choice = fields[field];
    if (choice === null || choice.values.length === 0) continue;
    const values = choice.values.slice(0, 3).map((v) => v ?? "not said");
    const more = choice.values.length > 3 ? ` and ${String(choice.values.length - 3)} more` : "";
    tags.push({
      key: field,
      text: `${field} ${choice.excluded ? "is not" : "is"} ${values.join(" or ")}${more}`,
      remove: () => {
        choose(field, null);
      },
    });
  }
  const templates = onlyTemplates.length + withoutTemplates.length;
  if (templates > 0) {
    tags.push({
      key: "template",
      text: `${onlyTemplates.length > 0 ? "only" : "without"} ${String(templates)} ${templates === 1 ? "template" : "templates"}`,
      remove: () => {
        change({ onlyTemplates: [], withoutTemplates: [] });
      },
    });
  }
  if (range !== null) {
    tags.push({
      key: "time",
      text: `${time(range.from, zone)} to ${time(range.to, zone)}`,
      remove: () => {
        change({ range: null });
      },
    });
  }
  return (
    <>
      {tags.map(({ key, text, remove }) => (
        <button
          key={key}
          type="button"
          className="iq-log-tag"
          aria-label={`Remove filter: ${text}`}
          title="Remove this filter"
          onClick={remove}
        >
          {text} <CrossIcon size={12} />
        </button>
      ))}
      {tags.length > 1 && (
        <Button size="small" variant="minimal" text="Clear all" onClick={clearFilters} />
      )}
    </>
  );
}
