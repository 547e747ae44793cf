import { Button, Tag } from "@blueprintjs/core";
import {
  FolderCloseIcon,
  FolderOpenIcon,
  LabTestIcon,
  PlusIcon,
  TrashIcon,
} from "@blueprintjs/icons";
import { newCase, openCase, openSample, refreshRecent } from "../../data/case-actions.ts";
import { ipc } from "../../data/ipc-client.ts";
import { useView } from "../../state/view-store.ts";
import { useSession } from "../../state/session-store.ts";
import { Mark } from "../../widgets/mark.tsx";
import "./welcome.css";

/** What the window shows without a case: three ways in, and the cases of before. */
export function WelcomeView() {
  const recent = useSession((s) => s.recent);
  const busy = useSession((s) => s.busy);
  return (
    <div className="iq-welcome">
      <div className="iq-welcome-inner">
        <div className="iq-welcome-title">
          <Mark size={44} />
          <div>
            <h1>Inquest</h1>
            <p className="iq-muted">
              Root cause analysis of model degradation and outages. Everything stays on this
              machine.
            </p>
          </div>
        </div>

        <div className="iq-welcome-actions">
          <Button
            size="large"
            intent="primary"
            icon={<PlusIcon />}
            text="New case…"
            onClick={newCase}
          />
          <Button
            size="large"
            icon={<FolderOpenIcon />}
            text="Open case…"
            onClick={() => void openCase(null)}
          />
          <Button
            size="large"
            icon={<LabTestIcon />}
            text="Open the sample incident"
            disabled={busy !== null}
            onClick={() => void openSample("silent-degradation")}
          />
        </div>

        <div className="iq-welcome-library">
          <Button
            variant="minimal"
            icon={<FolderCloseIcon />}
            text="Library: all cases of this machine, and what they have in common"
            onClick={() => {
              useView.getState().show("library");
            }}
          />
        </div>

        <section aria-labelledby="iq-recent">
          <h2 id="iq-recent">Recent cases</h2>
          {recent.length === 0 ? (
            <p className="iq-muted iq-welcome-empty">
              None yet. Start with the sample: a recommender whose click-through rate sinks for
              three weeks without a single alert. Or drop your own log, metric and feature files on
              this window.
            </p>
          ) : (
            <ul className="iq-recent">
              {recent.map((item) => (
                <li key={item.path}>
                  <button
                    type="button"
                    className="iq-recent-open"
                    disabled={!item.exists}
                    onClick={() => void openCase(item.path)}
                  >
                    <span className="iq-recent-name">{item.name}</span>
                    {!item.exists && (
                      <Tag minimal intent="warning">
                        folder not found
                      </Tag>
                    )}
                    <span className="iq-muted iq-clip iq-recent-path">{item.path}</span>
                    <span className="iq-muted iq-nowrap">{item.openedAt.slice(0, 10)}</span>
                  </button>
                  <Button
                    variant="minimal"
                    size="small"
                    icon={<TrashIcon />}
                    aria-label={`Forget ${item.name} (the folder stays)`}
                    title="Take off this list; the folder stays"
                    onClick={() => void ipc("case.forget", { path: item.path }).then(refreshRecent)}
                  />
                </li>
              ))}
            </ul>
          )}
        </section>

        <ol className="iq-steps" aria-label="How an investigation goes">
          <li>
            <strong>Evidence</strong> Drop in what the incident left behind: logs, metrics, feature
            snapshots.
          </li>
          <li>
            <strong>Compare</strong> Mark a baseline and an incident; see what changed, strongest
            first.
          </li>
          <li>
            <strong>Timeline</strong> Everything on one axis: what moved before the symptom?
          </li>
          <li>
            <strong>Suspects</strong> Ranked candidates with what speaks for and against each.
          </li>
          <li>
            <strong>Report</strong> Every sentence leads back to a query, a file and its SHA-256.
          </li>
        </ol>
      </div>
    </div>
  );
}
