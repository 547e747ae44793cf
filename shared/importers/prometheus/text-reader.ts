import type { Position } from "../fixed-tables-writer.ts";
import { numberOf } from "../json-fields.ts";
import { noteCut, type Reading } from "../json-records.ts";
import { Families } from "./families.ts";
import { readSampleLine, type SampleLine } from "./sample-line.ts";
import type { TextFlavour } from "./text-flavour.ts";

/** What a person is told where samples have no time. */
export const NO_TIME =
  "no timestamp: a scrape does not say when it was made. Set the date in the options to the time of the scrape (2026-03-01T10:00:00Z)";

/** Reads lines of the text formats, one after the other. */
export class TextReader {
  readonly #reading: Reading;
  readonly #families: Families;
  readonly #flavour: TextFlavour;
  readonly #scrape: number | null;
  #exemplars = 0;
  #timeless = 0;
  #ended = false;

  /** `scrape`: µs of samples that have no time of their own. */
  constructor(reading: Reading, flavour: TextFlavour, nameless: string, scrape: number | null) {
    this.#reading = reading;
    this.#families = new Families(nameless);
    this.#flavour = flavour;
    this.#scrape = scrape;
  }

  read(line: string, at: Position): void {
    const text = line.trim();
    if (text === "") return;
    if (text.startsWith("#")) {
      if (/^# ?EOF$/.test(text)) this.#ended = true;
      else this.#families.comment(text);
      return;
    }
    this.#ended = false;
    const sample = readSampleLine(text);
    if (typeof sample === "string") this.#reject(at, sample, text);
    else this.#sample(sample, text, at);
  }

  finish(): void {
    const { sink } = this.#reading;
    const described = this.#families.describe();
    if (described !== null) sink.note("info", described);
    if (this.#exemplars > 0)
      sink.note(
        "info",
        `Exemplars have no column and stay in the file: ${this.#exemplars} samples have one.`,
      );
    if (this.#timeless > 0 && this.#scrape !== null)
      sink.note(
        "info",
        `${this.#timeless} samples have no timestamp: they have the date of the options, ${new Date(this.#scrape / 1000).toISOString()}.`,
      );
    if (this.#flavour.openMetrics && !this.#ended)
      noteCut(sink, "an OpenMetrics text ends with “# EOF”, and this one does not.");
  }

  #sample(sample: SampleLine, text: string, at: Position): void {
    const { sink, target } = this.#reading;
    const identity = this.#families.series(sample.head);
    const value = numberOf(sample.value);
    if (identity === null || value === null) {
      this.#reject(at, 'no sample: its labels are not written as key="value"', text);
      return;
    }
    const ts = sample.time === null ? this.#scrape : this.#micros(sample.time);
    if (ts === null) {
      this.#reject(at, sample.time === null ? NO_TIME : `no time: ${sample.time}`, text);
      return;
    }
    if (sample.time === null) this.#timeless++;
    if (sample.exemplar !== null) this.#exemplars++;
    const { series, name, service, unit } = identity;
    target.metric({ ts, series, name, service, value, unit }, at);
    sink.accepted(1);
  }

  #micros(time: string): number | null {
    const number = numberOf(time);
    if (number === null) return null;
    const micros = Math.round(number * (this.#flavour.timeUnit === "s" ? 1e6 : 1000));
    return Number.isSafeInteger(micros) ? micros : null;
  }

  #reject(at: Position, reason: string, text: string): void {
    this.#reading.sink.reject(at.line, at.offset, reason, text.slice(0, 2000));
  }
}
