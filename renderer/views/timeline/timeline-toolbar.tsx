import { Button, ButtonGroup, HTMLSelect, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { CaretDownIcon, PinIcon, ResetIcon, ZoomInIcon, ZoomOutIcon } from "@blueprintjs/icons";
import { memo } from "react";
import type { Lane } from "../../../shared/model/timeline.ts";
import { useView } from "../../state/view-store.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import { NumbersToggle } from "../../widgets/chart/chart-frame.tsx";
import { ClockButton } from "./clock-skew/clock-button.tsx";
import { ZoneSelect } from "./zone-select.tsx";

interface TimelineToolbarProps {
  readonly isWhole: boolean;
  readonly readOnly: boolean;
  /** Lanes on the chart that have data. */
  readonly pinnable: readonly Lane[];
  readonly numbersOpen: boolean;
  readonly onZoom: (factor: number) => void;
  readonly onReset: () => void;
  readonly onWindow: (which: "baseline" | "incident") => void;
  readonly onPin: (lane: Lane) => void;
  readonly onNumbers: () => void;
  readonly onNote: () => void;
}

/** Memoised: it stays as it is while the person pans. */
export const TimelineToolbar = memo(function TimelineToolbar(props: TimelineToolbarProps) {
  const {
    isWhole,
    readOnly,
    pinnable,
    numbersOpen,
    onZoom,
    onReset,
    onWindow,
    onPin,
    onNumbers,
    onNote,
  } = props;
  const ghostDays = useView((s) => s.ghostDays);
  const showChanges = useView((s) => s.showChanges);
  const setTimeline = useView((s) => s.setTimeline);
  return (
    <div className="iq-timeline-tools" role="toolbar" aria-label="Timeline">
      <h1>Timeline</h1>
      <ButtonGroup>
        <Button
          size="small"
          icon={<ZoomInIcon />}
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => {
            onZoom(1 / 1.5);
          }}
        />
        <Button
          size="small"
          icon={<ZoomOutIcon />}
          aria-label="Zoom out"
          title="Zoom out (−)"
          disabled={isWhole}
          onClick={() => {
            onZoom(1.5);
          }}
        />
        <Button
          size="small"
          icon={<ResetIcon />}
          aria-label="Show everything"
          title="Show everything (Home)"
          disabled={isWhole}
          onClick={onReset}
        />
      </ButtonGroup>
      <ButtonGroup>
        {(["baseline", "incident"] as const).map((which) => (
          <Button
            key={which}
            size="small"
            disabled={readOnly || isWhole}
            title={
              isWhole
                ? "Zoom to the part that the window shall cover, then set it"
                : `The visible range becomes the ${which} window`
            }
            onClick={() => {
              onWindow(which);
            }}
          >
            <WindowMark which={which} />
            {which === "baseline" ? "Baseline here" : "Incident here"}
          </Button>
        ))}
      </ButtonGroup>
      <PopoverNext
        arrow={false}
        animation="minimal"
        placement="bottom-start"
        disabled={readOnly || pinnable.length === 0}
        content={
          <Menu>
            {pinnable.map((lane) => (
              <MenuItem
                key={lane.id}
                text={lane.title}
                onClick={() => {
                  onPin(lane);
                }}
              />
            ))}
          </Menu>
        }
      >
        <Button
          size="small"
          icon={<PinIcon />}
          endIcon={<CaretDownIcon />}
          text="Pin"
          aria-label="Pin as finding"
          title="Pin a lane as finding"
          disabled={readOnly || pinnable.length === 0}
        />
      </PopoverNext>
      <Button
        size="small"
        text="Note…"
        title="Write on the timeline, at the middle of what is seen (n)"
        disabled={readOnly}
        onClick={onNote}
      />
      <ClockButton />
      <span className="iq-timeline-spring" />
      <Button
        size="small"
        text="Levels"
        title="Marks where a lane changes its level, and between which times that lies"
        active={showChanges}
        aria-pressed={showChanges}
        onClick={() => {
          setTimeline({ showChanges: !showChanges });
        }}
      />
      <HTMLSelect
        aria-label="Each lane over itself"
        title="Draws each lane once more, as it was some days before"
        value={String(ghostDays ?? 0)}
        options={[
          { value: "0", label: "no overlay" },
          { value: "1", label: "day before" },
          { value: "7", label: "week before" },
        ]}
        onChange={(event) => {
          const days = Number(event.currentTarget.value);
          setTimeline({ ghostDays: days === 1 || days === 7 ? days : null });
        }}
      />
      <NumbersToggle open={numbersOpen} onToggle={onNumbers} />
      <ZoneSelect />
    </div>
  );
});
