import { MenuDivider, MenuItem } from "@blueprintjs/core";
import { CaretDownIcon } from "@blueprintjs/icons";
import { Select, type ItemRenderer } from "@blueprintjs/select";
import { useView } from "../../state/view-store.ts";

/** Zone of this computer. */
const LOCAL = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Names that the browser still lists under an older spelling than people search for. */
const RENAMED: Readonly<Partial<Record<string, string>>> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
};
const NAMES = Intl.supportedValuesOf("timeZone").map((name) => RENAMED[name] ?? name);
const ZONES: string[] = [...new Set(["UTC", LOCAL, ...NAMES])];
const FIRST = LOCAL === "UTC" ? 1 : 2;

/** In which zone times are shown. The data stay UTC. */
export function ZoneSelect() {
  const zone = useView((s) => s.timezone);
  const render: ItemRenderer<string> = (item, { handleClick, modifiers, ref }) => (
    <MenuItem
      key={item}
      ref={ref}
      roleStructure="listoption"
      selected={item === zone}
      active={modifiers.active}
      text={item}
      label={item === "UTC" ? "" : item === LOCAL ? "this computer" : offsetOf(item)}
      onClick={handleClick}
    />
  );
  return (
    <Select<string>
      items={ZONES}
      itemListPredicate={matching}
      itemRenderer={render}
      itemListRenderer={({ filteredItems, itemsParentRef, menuProps, renderItem, query }) => (
        <ul {...menuProps} ref={itemsParentRef} className="bp6-menu iq-zones" role="listbox">
          {filteredItems.slice(0, FIRST).map((item, i) => renderItem(item, i))}
          {query === "" && <MenuDivider />}
          {filteredItems.slice(FIRST).map((item, i) => renderItem(item, i + FIRST))}
        </ul>
      )}
      noResults={<MenuItem disabled text="No such zone." roleStructure="listoption" />}
      inputProps={{ placeholder: "Search zones, e.g. Berlin", "aria-label": "Search zones" }}
      onItemSelect={(item) => {
        useView.getState().setTimezone(item);
      }}
      popoverProps={{ minimal: true, placement: "bottom-end", targetTagName: "button" }}
      popoverTargetProps={{
        className: "bp6-button bp6-small",
        title: "Changes how times are shown, not the data",
      }}
    >
      <span className="bp6-button-text" data-testid="zone">
        <span className="iq-visually-hidden">Times in </span>
        {zone}
      </span>
      <CaretDownIcon />
    </Select>
  );
}

/** The list renders all that it is given, also while it is closed. */
const MOST = 60;

function matching(query: string, zones: string[]): string[] {
  const words = plain(query);
  return zones.filter((zone) => plain(zone).includes(words)).slice(0, MOST);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll("_", " ");
}

const offsets = new Map<string, string>();

/** `GMT+2` at the present time; kept, since a format takes long to make. */
function offsetOf(zone: string): string {
  const known = offsets.get(zone);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    timeZoneName: "shortOffset",
  }).formatToParts(Date.now());
  const offset = parts.find((p) => p.type === "timeZoneName")?.value ?? "";
  offsets.set(zone, offset);
  return offset;
}
