import { Fragment } from "react";

/** A template with its parameters set apart from what the program wrote. */
export function TemplateText({ text }: { text: string }) {
  const parts = text.split("<*>");
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <span className="iq-parameter">{"<*>"}</span>}
          {part}
        </Fragment>
      ))}
    </>
  );
}
