import { Button, Tooltip } from "@blueprintjs/core";
import { FlashIcon, MoonIcon, RedoIcon, SearchIcon, UndoIcon } from "@blueprintjs/icons";
import { useCase } from "../state/case-store.ts";
import { readableShortcut } from "../state/shortcuts.ts";
import { useView } from "../state/view-store.ts";
import { Mark } from "../widgets/mark.tsx";
import { runCommand } from "./commands.ts";

export function TopBar() {
  const name = useCase((s) => s.state?.name ?? null);
  const canUndo = useCase((s) => s.undoSeq !== null);
  const canRedo = useCase((s) => s.redoSeq !== null);
  const theme = useView((s) => s.theme);
  return (
    <header className="iq-top">
      <div className="iq-brand">
        <Mark size={18} />
        Inquest
      </div>
      {name !== null && (
        <>
          <div className="iq-top-divider" />
          <div className="iq-top-case iq-clip" data-testid="case-name">
            {name}
          </div>
        </>
      )}
      <div className="iq-top-spring" />
      {name !== null && (
        <>
          <IconButton
            icon={<UndoIcon />}
            label="Undo"
            keys="mod+z"
            disabled={!canUndo}
            command="undo"
          />
          <IconButton
            icon={<RedoIcon />}
            label="Redo"
            keys="mod+shift+z"
            disabled={!canRedo}
            command="redo"
          />
          <div className="iq-top-divider" />
        </>
      )}
      <Button
        size="small"
        variant="outlined"
        icon={<SearchIcon />}
        text={<span className="iq-muted">Commands {readableShortcut("mod+k")}</span>}
        onClick={() => {
          runCommand("command-palette");
        }}
      />
      <IconButton
        icon={theme === "dark" ? <FlashIcon /> : <MoonIcon />}
        label={theme === "dark" ? "Light colours" : "Dark colours"}
        keys="mod+shift+l"
        command="toggle-theme"
      />
    </header>
  );
}

interface IconButtonProps {
  readonly icon: React.JSX.Element;
  readonly label: string;
  readonly keys: string;
  readonly command: string;
  readonly disabled?: boolean;
}

function IconButton({ icon, label, keys, command, disabled = false }: IconButtonProps) {
  return (
    <Tooltip
      content={`${label} (${readableShortcut(keys)})`}
      placement="bottom"
      openOnTargetFocus={false}
    >
      <Button
        size="small"
        variant="minimal"
        icon={icon}
        aria-label={label}
        disabled={disabled}
        onClick={() => {
          runCommand(command);
        }}
      />
    </Tooltip>
  );
}
