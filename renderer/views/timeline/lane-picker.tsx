import { Button, InputGroup, Switch } from "@blueprintjs/core";
import {
  ChevronDownIcon,
  ChevronUpIcon,
  CrossIcon,
  DoubleChevronUpIcon,
  SearchIcon,
} from "@blueprintjs/icons";
import { memo, useMemo, useState, type KeyboardEvent } from "react";
import { Layer } from "../../../shared/model/role.ts";
import type { Lane } from "../../../shared/model/timeline.ts";
import { integer } from "../../widgets/format.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";

interface LanePickerProps {
  readonly lanes: readonly Lane[];
  /** Ids in the order of the chart. */
  readonly chosen: readonly string[];
  readonly isDefault: boolean;
  /** Those that stay above the others. */
  readonly pinned: readonly string[];
  readonly byLayer: boolean;
  readonly onChoose: (ids: readonly string[] | null) => void;
  readonly onPin: (ids: readonly string[]) => void;
  readonly onByLayer: (byLayer: boolean) => void;
}

/** More than these are reached by filtering. */
const MOST = 200;

/** Which lanes are drawn, and in which order. */
export const LanePicker = memo(function LanePicker({
  lanes,
  chosen,
  isDefault,
  pinned,
  byLayer,
  onChoose,
  onPin,
  onByLayer,
}: LanePickerProps) {
  const [filter, setFilter] = useState("");
  /** Place of the lane that is being dragged. */
  const [dragged, setDragged] = useState<number | null>(null);
  const byId = useMemo(() => new Map(lanes.map((l) => [l.id, l])), [lanes]);
  const shown = new Set(chosen);
  const words = filter.trim().toLowerCase();
  const found = lanes.filter(
    (l) => words === "" || `${l.title} ${l.table}`.toLowerCase().includes(words),
  );
  const listed = found.slice(0, MOST);

  const toggle = (id: string) => {
    onChoose(shown.has(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  };
  const move = (index: number, by: number) => {
    const next = [...chosen];
    const [id] = next.splice(index, 1);
    if (id === undefined || index + by < 0 || index + by > next.length) return;
    next.splice(index + by, 0, id);
    onChoose(next);
  };
  const onKey = (index: number) => (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    move(index, by);
  };

  return (
    <div className="iq-picker">
      <div className="iq-picker-head">
        <h2>Shown</h2>
        {!isDefault && (
          <Button
            size="small"
            variant="minimal"
            text="Default choice"
            onClick={() => {
              onChoose(null);
            }}
          />
        )}
      </div>
      <Switch
        className="iq-picker-switch"
        checked={byLayer}
        label="Grouped by layer"
        onChange={(event) => {
          onByLayer(event.currentTarget.checked);
        }}
      />
      <ol className="iq-picker-shown" aria-label="Lanes on the chart, in order">
        {chosen.map((id, i) => {
          const title = byId.get(id)?.title ?? id;
          return (
            <li
              key={id}
              draggable
              data-dragged={dragged === i || undefined}
              onKeyDown={onKey(i)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                setDragged(i);
              }}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                if (dragged === i) return;
                move(dragged, i - dragged);
                setDragged(i);
              }}
              onDragEnd={() => {
                setDragged(null);
              }}
              onDrop={(event) => {
                event.preventDefault();
              }}
            >
              <span className="iq-clip" title={title}>
                {title}
              </span>
              <Button
                size="small"
                variant="minimal"
                icon={<DoubleChevronUpIcon size={12} />}
                aria-label={`Keep ${title} above the others`}
                aria-pressed={pinned.includes(id)}
                active={pinned.includes(id)}
                title="Stays above the others while they scroll"
                onClick={() => {
                  onPin(pinned.includes(id) ? pinned.filter((p) => p !== id) : [...pinned, id]);
                }}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<ChevronUpIcon size={12} />}
                aria-label={`Move ${title} up`}
                disabled={i === 0}
                onClick={() => {
                  move(i, -1);
                }}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<ChevronDownIcon size={12} />}
                aria-label={`Move ${title} down`}
                disabled={i === chosen.length - 1}
                onClick={() => {
                  move(i, 1);
                }}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<CrossIcon size={12} />}
                aria-label={`Remove ${title}`}
                onClick={() => {
                  toggle(id);
                }}
              />
            </li>
          );
        })}
      </ol>
      <div className="iq-picker-head">
        <h2>All lanes</h2>
        <span className="iq-muted">{integer(lanes.length)}</span>
      </div>
      <InputGroup
        size="small"
        leftElement={<SearchIcon className="iq-picker-search" size={12} />}
        placeholder="Filter lanes"
        aria-label="Filter lanes"
        value={filter}
        onValueChange={setFilter}
      />
      {Layer.options.map((layer) => {
        const group = listed.filter((l) => l.layer === layer);
        return group.length === 0 ? null : (
          <fieldset key={layer} className="iq-picker-group">
            <legend>{LAYER_WORDS[layer]}</legend>
            {group.map((lane) => (
              <label key={lane.id} title={lane.title}>
                <input
                  type="checkbox"
                  checked={shown.has(lane.id)}
                  onChange={() => {
                    toggle(lane.id);
                  }}
                />
                <span className="iq-clip">{lane.title}</span>
              </label>
            ))}
          </fieldset>
        );
      })}
      {found.length > MOST && (
        <p className="iq-muted">{integer(found.length - MOST)} more: narrow the filter.</p>
      )}
      {found.length === 0 && <p className="iq-muted">No lane has this in its name.</p>}
    </div>
  );
});
