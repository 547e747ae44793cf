/** What the scores of an FMEA mean for services and machine learning systems, from 1 to 10. */
export interface FmeaScale {
  readonly id: "severity" | "occurrence" | "detection";
  readonly name: string;
  readonly letter: string;
  /** What is asked. */
  readonly question: string;
  /** Wording of 1 to 10. */
  readonly levels: readonly string[];
}

export const FMEA_SCALES: readonly FmeaScale[] = [
  {
    id: "severity",
    name: "Severity",
    letter: "S",
    question: "How bad is the effect where it is felt?",
    levels: [
      "nobody notices, no decision changes",
      "noticed by the team alone, no user affected",
      "a few users see something odd, nothing is lost",
      "some users get worse results; they can work on",
      "many users get worse results, or a side feature fails",
      "a side feature is gone for everybody",
      "the main function is clearly worse, business numbers fall",
      "the main function fails, or wrong decisions are made at scale",
      "law, contract or privacy is broken, or data is lost for good",
      "people may be harmed, without any warning",
    ],
  },
  {
    id: "occurrence",
    name: "Occurrence",
    letter: "O",
    question: "How often does the cause come up, as things are prevented today?",
    levels: [
      "cannot come up: prevented by design",
      "not seen in years; prevented by an enforced check",
      "less than once a year",
      "about once a year",
      "a few times a year",
      "about every month",
      "several times a month",
      "about every week",
      "several times a week",
      "every day, or with nearly every release or run",
    ],
  },
  {
    id: "detection",
    name: "Detection",
    letter: "D",
    question: "How sure are today’s controls to notice it before users do?",
    levels: [
      "stopped automatically before it can take effect",
      "an automatic test blocks the release or the data load",
      "an alert tells within minutes, and somebody is on call",
      "an alert tells within the hour",
      "an alert tells within the day, or among many false alarms",
      "a dashboard shows it to who looks every day",
      "a regular review finds it within weeks",
      "found only by who looks for it in logs or data",
      "found by chance, or when users complain",
      "no way to notice it: not measured, no labels",
    ],
  },
];
