import "./sentence.css";

/** A sentence as the analyses write it: it begins with a capital; see `Said`. */
export function Sentence({ text }: { text: string }) {
  return <Said text={`${text.charAt(0).toUpperCase()}${text.slice(1)}`} />;
}

/** Names and values between backticks stand out as such. */
export function Said({ text }: { text: string }) {
  return text.split("`").map((part, k) =>
    k % 2 === 1 ? (
      <code key={k} className="iq-said">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
