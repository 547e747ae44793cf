import { Button, ButtonGroup, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { CaretDownIcon, PlusIcon } from "@blueprintjs/icons";
import { FISHBONE_PRESETS } from "../../../../shared/reasoning/fishbone-edit.ts";

interface FishboneToolbarProps {
  readonly readOnly: boolean;
  readonly fits: boolean;
  readonly onPreset: (names: readonly string[]) => void;
  readonly onOwn: () => void;
  readonly onAddCategory: () => void;
  readonly onFits: (fits: boolean) => void;
  readonly onExport: (format: "svg" | "png") => void;
}

/** Bones, zoom and export of the fishbone. */
export function FishboneToolbar(props: FishboneToolbarProps) {
  const { readOnly, fits, onPreset, onOwn, onAddCategory, onFits, onExport } = props;
  return (
    <div className="iq-fish-tools">
      <PopoverNext
        placement="bottom-start"
        content={
          <Menu aria-label="Categories of the fishbone">
            {FISHBONE_PRESETS.map(({ id, name, categories }) => (
              <MenuItem
                key={id}
                text={name}
                title={categories.join(", ")}
                onClick={() => {
                  onPreset(categories);
                }}
              />
            ))}
            <MenuItem
              text="Own"
              title="Keeps the bones that have causes, and begins a new one"
              onClick={onOwn}
            />
          </Menu>
        }
      >
        <Button size="small" text="Categories" endIcon={<CaretDownIcon />} disabled={readOnly} />
      </PopoverNext>
      <Button
        size="small"
        icon={<PlusIcon size={14} />}
        text="Category"
        disabled={readOnly}
        onClick={onAddCategory}
      />
      <ButtonGroup aria-label="Zoom">
        <Button
          size="small"
          text="Fit width"
          active={fits}
          aria-pressed={fits}
          onClick={() => {
            onFits(true);
          }}
        />
        <Button
          size="small"
          text="100 %"
          active={!fits}
          aria-pressed={!fits}
          onClick={() => {
            onFits(false);
          }}
        />
      </ButtonGroup>
      <ButtonGroup aria-label="Export the picture">
        {(["svg", "png"] as const).map((format) => (
          <Button
            key={format}
            size="small"
            text={format.toUpperCase()}
            aria-label={`Export as ${format.toUpperCase()}`}
            title={`Write the picture as ${format.toUpperCase()} into the exports of the case`}
            disabled={readOnly}
            onClick={() => {
              onExport(format);
            }}
          />
        ))}
      </ButtonGroup>
    </div>
  );
}
