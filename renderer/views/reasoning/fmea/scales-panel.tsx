import { FMEA_SCALES } from "../../../../shared/reasoning/fmea-scales.ts";

/** What each score means, side by side. */
export function ScalesPanel() {
  return (
    <section className="iq-fmea-scales" aria-label="Scales">
      {FMEA_SCALES.map(({ id, name, letter, question, levels }) => (
        <div key={id}>
          <h3>
            {letter}: {name}
          </h3>
          <p className="iq-muted">{question}</p>
          <ol reversed>
            {levels
              .map((level, i) => ({ level, score: i + 1 }))
              .reverse()
              .map(({ level, score }) => (
                <li key={score} value={score}>
                  {level}
                </li>
              ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
