import { Button, ProgressBar } from "@blueprintjs/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { cancelGroup, chooseMember, startGroup } from "../../data/import-actions.ts";
import type { PendingGroup, PendingImport } from "../../state/import-store.ts";
import { bytes, count } from "../../widgets/format.ts";
import { PendingItem } from "./pending-item.tsx";

const ROW_HEIGHT = 46;
/** Of longer lists only what is in sight is drawn. */
const MOST_DRAWN = 200;

/** An archive, a folder, a workbook or a database with the parts that are imported from it. */
export function PendingGroupItem({
  group,
  members,
  selected,
}: {
  group: PendingGroup;
  members: readonly PendingImport[];
  selected: string | null;
}) {
  const chosen = members.filter((m) => m.chosen && m.duplicateOf === null);
  const startable = chosen.filter((m) => m.phase.kind !== "failed").length;
  // What is left out stands below what is not.
  const sorted = [...members.filter((m) => !isLeftOut(m)), ...members.filter(isLeftOut)];
  const leftOut = members.filter(isLeftOut).length;
  return (
    <section className="iq-pending-group" aria-label={group.name}>
      <div className="iq-pending-head">
        <span className="iq-pending-name iq-clip" title={group.path}>
          {group.name}
        </span>
        <span className="iq-muted">
          {bytes(group.size)} · {count(chosen.length, "file")}
          {leftOut > 0 && ` · ${count(leftOut, "file")} left out`}
        </span>
        <Button
          size="small"
          text={group.running ? "Cancel" : "Remove"}
          aria-label={`${group.running ? "Cancel" : "Remove"} ${group.name}`}
          onClick={() => {
            cancelGroup(group.key);
          }}
        />
        <Button
          size="small"
          intent="primary"
          text={startable === members.length - leftOut ? "Import all" : `Import ${startable}`}
          disabled={startable === 0 || group.running}
          onClick={() => void startGroup(group.key)}
        />
      </div>
      {group.trouble !== null && (
        <p className="iq-pending-error" role="status">
          The archive is not whole: {group.trouble}. What could be found of it is listed.
        </p>
      )}
      {group.running && <GroupProgress group={group} left={chosen} />}
      {sorted.length <= MOST_DRAWN ? (
        <ul className="iq-pending-members">
          {sorted.map((item) => (
            <li key={item.key}>
              <MemberRow item={item} selected={item.key === selected} />
            </li>
          ))}
        </ul>
      ) : (
        <LongList items={sorted} selected={selected} />
      )}
    </section>
  );
}

/** Parts that hold nothing to import; a part that a person unticked stays where it is. */
function isLeftOut({ member, chosen, phase }: PendingImport): boolean {
  return !chosen && (member?.skipped !== null || phase.kind === "failed");
}

function GroupProgress({ group, left }: { group: PendingGroup; left: readonly PendingImport[] }) {
  const shares = left.map(({ phase }) => {
    if (phase.kind === "failed") return 1;
    const progress = phase.kind === "running" ? phase.progress : null;
    return progress === null || progress.totalBytes === 0
      ? 0
      : progress.bytes / progress.totalBytes;
  });
  const total = group.done + left.length;
  const done = shares.reduce((sum, share) => sum + share, group.done);
  return (
    <ProgressBar
      value={total === 0 ? 0 : Math.min(1, done / total)}
      stripes={false}
      intent="primary"
    />
  );
}

function MemberRow({ item, selected }: { item: PendingImport; selected: boolean }) {
  const { member, chosen, phase } = item;
  return (
    <div className="iq-pending-member" data-left-out={isLeftOut(item)}>
      <input
        type="checkbox"
        aria-label={`Import ${item.name}`}
        checked={chosen}
        disabled={phase.kind === "running"}
        onChange={(e) => void chooseMember(item.key, e.currentTarget.checked)}
      />
      {!chosen && member !== null && member.skipped !== null ? (
        <span className="iq-pending-skipped">
          <span className="iq-clip" title={member.name}>
            <bdi>{member.name}</bdi>
          </span>
          <span className="iq-muted iq-clip" title={member.skipped}>
            left out: {member.skipped}
          </span>
        </span>
      ) : (
        <PendingItem item={item} selected={selected} />
      )}
    </div>
  );
}

function LongList({
  items,
  selected,
}: {
  items: readonly PendingImport[];
  selected: string | null;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- only tells that it is not memoized
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  return (
    <div ref={scroller} className="iq-pending-scroller" tabIndex={0}>
      <ul className="iq-pending-members" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={item.key}
                style={{ position: "absolute", top: start, width: "100%", height: ROW_HEIGHT }}
              >
                <MemberRow item={item} selected={item.key === selected} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
