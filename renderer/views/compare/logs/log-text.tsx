import { Fragment } from "react";

/** A template with its parameters set apart from what the program wrote. */
export function LogText({ text }: { text: string }) {
  return text.split("<*>").map((part, k) => (
    <Fragment key={k}>
      {k > 0 && <span className="iq-log-changes-parameter">{"<*>"}</span>}
      {part}
    </Fragment>
  ));
}
