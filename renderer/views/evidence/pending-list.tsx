import { useImports, type PendingImport } from "../../state/import-store.ts";
import { PendingGroupItem } from "./pending-group.tsx";
import { PendingItem } from "./pending-item.tsx";

/** Files on their way in; the parts of an archive or folder stand together. */
export function PendingList({
  items,
  selected,
}: {
  items: readonly PendingImport[];
  selected: string | null;
}) {
  const groups = useImports((s) => s.groups);
  return (
    <ul className="iq-pending">
      {items
        .filter((item) => item.group === null)
        .map((item) => (
          <li key={item.key}>
            <PendingItem item={item} selected={item.key === selected} />
          </li>
        ))}
      {groups.map((group) => (
        <li key={group.key}>
          <PendingGroupItem
            group={group}
            members={items.filter((item) => item.group === group.key)}
            selected={selected}
          />
        </li>
      ))}
    </ul>
  );
}
