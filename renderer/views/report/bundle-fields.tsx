import { Button, Checkbox, InputGroup } from "@blueprintjs/core";
import { BoxIcon } from "@blueprintjs/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { exportBundle } from "../../data/export-bundle.ts";
import { ipc } from "../../data/ipc-client.ts";
import type { ReadyReport, ReportFormat } from "../../data/report.ts";
import type { RedactionChoice } from "../../../shared/report/redact-report.ts";
import { useView } from "../../state/view-store.ts";

interface BundleFieldsProps {
  readonly formats: readonly ReportFormat[];
  readonly choice: RedactionChoice;
  readonly disabled: boolean;
  readonly onExport: (work: (ready: ReadyReport) => Promise<unknown>) => void;
}

const LEAST = 12;

/** One archive for somebody else, which `inquest verify` checks. */
export function BundleFields({ formats, choice, disabled, onExport }: BundleFieldsProps) {
  const audience = useView((s) => s.audience);
  const [evidence, setEvidence] = useState(false);
  const [encrypted, setEncrypted] = useState(false);
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [signed, setSigned] = useState(false);
  const [signer, setSigner] = useState("");
  const key = useQuery({ queryKey: ["signing key"], queryFn: () => ipc("bundle.key") });
  const fingerprint = key.data?.ok === true ? key.data.value.fingerprint : null;
  const isRedacted = choice.kinds.length > 0;
  const trouble = problemOf();

  function problemOf(): string | null {
    if (encrypted && passphrase.length < LEAST) {
      return `A passphrase needs ${LEAST} characters: better several words than one.`;
    }
    if (encrypted && passphrase !== again) return "The two passphrases differ.";
    if (signed && signer.trim() === "") return "A signature needs a name.";
    return null;
  }

  return (
    <section>
      <h2>Bundle</h2>
      <p className="iq-muted">
        One ZIP file for somebody else: report, findings, recipe, journal and what identifies the
        evidence, as a bag (BagIt) with CASE/UCO. <code>inquest verify</code> says what of it holds.
      </p>
      <Checkbox
        label="With the evidence itself"
        checked={evidence && !isRedacted}
        disabled={isRedacted}
        onChange={() => {
          setEvidence(!evidence);
        }}
      />
      {isRedacted && (
        <p className="iq-muted">
          With redaction, neither evidence nor journal go along: both hold what is to be hidden.
        </p>
      )}
      <Checkbox
        label="Encrypt with a passphrase (AES-256)"
        checked={encrypted}
        onChange={() => {
          setEncrypted(!encrypted);
        }}
      />
      {encrypted && (
        <div className="iq-bundle-fields">
          <InputGroup
            type="password"
            aria-label="Passphrase"
            placeholder="Passphrase; nobody can recover it"
            autoComplete="off"
            value={passphrase}
            onValueChange={setPassphrase}
          />
          <InputGroup
            type="password"
            aria-label="Passphrase again"
            placeholder="Again"
            autoComplete="off"
            value={again}
            onValueChange={setAgain}
          />
        </div>
      )}
      <Checkbox
        label="Sign with the key of this computer (Ed25519)"
        checked={signed}
        onChange={() => {
          setSigned(!signed);
        }}
      />
      {signed && (
        <div className="iq-bundle-fields">
          <InputGroup
            aria-label="Name of the signer"
            placeholder="Your name, as it stands in the signature"
            value={signer}
            onValueChange={setSigner}
          />
          <p className="iq-muted">
            {fingerprint === null
              ? "The key is made with the first signature."
              : "Tell the reader the fingerprint of your key by another way:"}
            {fingerprint !== null && (
              <code className="iq-fingerprint">{inGroups(fingerprint)}</code>
            )}
          </p>
        </div>
      )}
      {trouble !== null && <p className="iq-muted">{trouble}</p>}
      <Button
        icon={<BoxIcon />}
        text="Make the bundle"
        disabled={disabled || trouble !== null}
        onClick={() => {
          onExport(async (ready) => {
            const options = {
              formats,
              evidence,
              passphrase: encrypted ? passphrase : null,
              signer: signed ? signer.trim() : null,
            };
            await exportBundle(ready, audience, options, choice);
            await key.refetch();
          });
        }}
      />
    </section>
  );
}

/** `0a1b 2c3d …`, as one reads it aloud. */
function inGroups(hex: string): string {
  return hex.match(/.{4}/g)?.join(" ") ?? hex;
}
