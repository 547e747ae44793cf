import { MenuItem } from "@blueprintjs/core";
import { Omnibar, type ItemRenderer } from "@blueprintjs/select";
import { readableShortcut } from "../state/shortcuts.ts";
import { useView } from "../state/view-store.ts";
import { COMMANDS, runCommand, type Command } from "./commands.ts";

const renderItem: ItemRenderer<Command> = (
  command,
  { handleClick, handleFocus, modifiers, ref },
) =>
  modifiers.matchesPredicate ? (
    <MenuItem
      key={command.id}
      ref={ref}
      active={modifiers.active}
      text={command.title}
      label={command.keys === undefined ? "" : readableShortcut(command.keys)}
      onClick={handleClick}
      {...(handleFocus === undefined ? {} : { onFocus: handleFocus })}
      roleStructure="menuitem"
    />
  ) : null;

export function CommandPalette() {
  const open = useView((s) => s.paletteOpen);
  const setOpen = useView((s) => s.setPaletteOpen);
  return (
    <Omnibar<Command>
      className="iq-omnibar"
      isOpen={open}
      items={COMMANDS.filter((c) => c.id !== "command-palette" && c.available())}
      itemRenderer={renderItem}
      itemPredicate={(query, command) =>
        query
          .toLowerCase()
          .split(/\s+/)
          .every((word) => command.title.toLowerCase().includes(word))
      }
      inputProps={{ placeholder: "What do you want to do?", "aria-label": "Command" }}
      noResults={<MenuItem disabled text="No command has these words." roleStructure="menuitem" />}
      onClose={() => {
        setOpen(false);
      }}
      onItemSelect={(command) => {
        setOpen(false);
        runCommand(command.id);
      }}
      initialContent={undefined}
      resetOnSelect
      overlayProps={{ hasBackdrop: true }}
    />
  );
}
