import { Button } from "@blueprintjs/core";
import { useEffect } from "react";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";

/** What a person should know before going on: damaged journal, read-only, failed writes. */
export function Banners() {
  const opened = useCase((s) => s.opened);
  const trouble = useCase((s) => s.trouble);
  const dismiss = useCase((s) => s.dismissTrouble);
  const notices = useSession((s) => s.notices);
  const dismissNotice = useSession((s) => s.dismissNotice);
  const dropPassing = useSession((s) => s.dropPassing);
  const view = useView((s) => s.view);
  useEffect(dropPassing, [view, dropPassing]);
  return (
    <>
      {opened?.readOnly && (
        <div className="iq-banner" role="status">
          <strong>Read-only.</strong> The case is held by {opened.readOnly.holder}; changes made
          here cannot be saved.
        </div>
      )}
      {trouble !== null && (
        <div className="iq-banner iq-banner-error" role="alert">
          <strong>Not saved.</strong> <span>{trouble}</span>
          <Button size="small" variant="minimal" text="Dismiss" onClick={dismiss} />
        </div>
      )}
      {notices.map((notice) => (
        <div
          key={notice.id}
          className={notice.kind === "error" ? "iq-banner iq-banner-error" : "iq-banner"}
          role={notice.kind === "error" ? "alert" : "status"}
        >
          <span style={{ flex: 1 }}>{notice.message}</span>
          {notice.action && (
            <Button size="small" text={notice.action.label} onClick={notice.action.run} />
          )}
          <Button
            size="small"
            variant="minimal"
            text="Dismiss"
            onClick={() => {
              dismissNotice(notice.id);
            }}
          />
        </div>
      ))}
    </>
  );
}
