import { cpSync, mkdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { cleanUp, launch, newCase, showView, type Launched } from "../support/app.ts";
import { Exports, plain } from "../support/exports.ts";
import {
  addAction,
  addFactors,
  addHypotheses,
  addImpact,
  answerWhys,
  exportFormats,
  rateMatrix,
  setCourse,
  signOff,
  write,
  type ActionText,
  type Because,
  type FactorText,
  type ImpactText,
} from "../support/reasoning.ts";

/** A public incident, from its text to a report that is signed off. */
interface Trial {
  readonly name: string;
  readonly file: string;
  /** Events that are taken from the text, and times in it that are none. */
  readonly events: number;
  readonly leaveOut: readonly string[];
  /** Title and note of each finding. */
  readonly findings: readonly (readonly [string, string])[];
  readonly hypotheses: readonly string[];
  readonly ratings: readonly (readonly string[])[];
  readonly problem: string;
  readonly whys: readonly Because[];
  readonly factors: readonly FactorText[];
  readonly course: Parameters<typeof setCourse>[1];
  readonly impact: ImpactText;
  readonly actions: readonly ActionText[];
  readonly summary: string;
  /** What every format must say. */
  readonly told: readonly string[];
}

const GITLAB: Trial = {
  name: "GitLab.com 2017",
  file: "test/reference/postmortems/gitlab-2017.md",
  events: 6,
  leaveOut: ["line 9, 17:20", "line 12, 17:20"],
  findings: [
    ["Replication stopped before the removal", "The secondary had fallen behind at 23:00."],
    [
      "No dump of the database could be used",
      "The nightly dumps had failed for want of a matching version, and the mails about it were rejected.",
    ],
    ["The snapshot was six hours old", "It had been taken by hand at 17:20 for another purpose."],
  ],
  hypotheses: [
    "The removal on the wrong host lost the data, and no backup could bring it back",
    "The spam alone lost the data",
  ],
  ratings: [
    ["C", "N"],
    ["CC", "II"],
    ["CC", "I"],
  ],
  problem: "GitLab.com was down for 18 hours, and six hours of database changes were lost.",
  whys: [
    {
      text: "The data directory of the primary was removed",
      area: "technology",
      cites: [1],
      because: [
        {
          text: "Both hosts looked alike in the terminal, and the procedure had no step that names the host",
          area: "process",
          assumption: true,
        },
      ],
    },
    {
      text: "No recent backup could be restored",
      area: "process",
      cites: [2, 3],
      because: [
        {
          text: "Mails about failed dumps were rejected, nobody tested a restore",
          area: "detection",
          cites: [2],
        },
      ],
    },
  ],
  factors: [
    {
      text: "The backups could not be restored and nothing said so",
      role: "root cause",
      layer: "infrastructure",
      claim: "cause",
      cites: [2, 3],
      checks: [
        ["order in time", "supports", "dumps had failed before the incident"],
        ["mechanism", "supports", "version mismatch, then rejected mails"],
        ["removal", "supports", "with the dumps repaired, later restores work"],
      ],
    },
    {
      text: "Load from spam made replication fail",
      role: "trigger",
      layer: "serving",
      claim: "correlation",
      cites: [1],
    },
  ],
  course: {
    started: "2017-01-31 23:30",
    detected: "2017-01-31 23:31",
    mitigated: "2017-02-01 00:36",
    resolved: "2017-02-01 18:14",
  },
  impact: {
    kind: "users",
    name: "Projects with lost changes",
    low: "4500",
    likely: "5000",
    high: "5500",
    basis: "estimate",
    note: "the company’s own estimate, ±10 % added here",
  },
  actions: [
    {
      kind: "preventive",
      title: "Restore a backup every day on a host of its own",
      owner: "Infrastructure",
      due: "2017-03-01",
      metric: "A restore of the last 24 hours succeeds every day",
      answers: ["The backups could not be restored and nothing said so"],
    },
    {
      kind: "detective",
      title: "Alert where no dump of the last day exists",
      owner: "Infrastructure",
      due: "2017-02-20",
      metric: "The alert fires within 60 minutes in a drill",
    },
  ],
  summary:
    "For 18 hours nobody could use GitLab.com, and changes of six hours are lost. A directory was removed on the primary, and none of the backups could bring it back.",
  told: ["The backups could not be restored and nothing said so", "18 h 44 min", "5,000"],
};

const CLOUDFLARE: Trial = {
  name: "Cloudflare 2019",
  file: "test/reference/postmortems/cloudflare-2019.md",
  events: 7,
  leaveOut: [],
  findings: [
    [
      "Processors rose within three minutes of the rule",
      "The rule went out at 13:42, the first page came at 13:45.",
    ],
    ["Switching the firewall off ended it", "At 14:07 it was off, at 14:09 traffic was as usual."],
  ],
  hypotheses: ["The new rule used up the processors", "An attack from outside"],
  ratings: [
    ["CC", "N"],
    ["CC", "II"],
  ],
  problem: "For 27 minutes most requests through Cloudflare ended in an error.",
  whys: [
    {
      text: "A regular expression backtracked without bound",
      area: "technology",
      cites: [1, 2],
      because: [
        {
          text: "The limit of processor time had been removed weeks before",
          area: "process",
          assumption: true,
        },
        {
          text: "Tests looked at what a rule matches, not at what it costs",
          area: "detection",
          assumption: true,
        },
      ],
    },
    {
      text: "Rules reach all servers within seconds, without stages",
      area: "process",
      assumption: true,
    },
  ],
  factors: [
    {
      text: "A rule without bound on its running time reached every server",
      role: "root cause",
      layer: "serving",
      claim: "cause",
      cites: [1, 2],
      checks: [
        ["order in time", "supports", "three minutes after the rule"],
        ["mechanism", "supports", "backtracking was reproduced"],
        ["removal", "supports", "two minutes after the switch-off"],
      ],
    },
    {
      text: "The tools for switching off went through the network that was down",
      role: "delayed recovery",
      layer: "people",
      claim: "unknown",
      cites: [2],
    },
  ],
  course: {
    started: "2019-07-02 13:42",
    detected: "2019-07-02 13:45",
    mitigated: "2019-07-02 14:07",
    resolved: "2019-07-02 14:52",
  },
  impact: {
    kind: "requests",
    name: "Share of traffic lost at the worst time, in per cent",
    low: "70",
    likely: "80",
    high: "85",
    basis: "estimate",
    note: "read off the published curve",
  },
  actions: [
    {
      kind: "preventive",
      title: "Deploy rules in stages",
      owner: "Edge team",
      due: "2019-08-01",
      metric: "No rule reaches more than 1 % of servers in its first 10 minutes",
      answers: ["A rule without bound on its running time reached every server"],
    },
    {
      kind: "detective",
      title: "Measure the processor time of each rule in the tests",
      owner: "Edge team",
      due: "2019-07-20",
      metric: "Every rule has a measured time below 1 ms",
    },
  ],
  summary:
    "For 27 minutes most requests failed. A rule of the firewall used up the processors of every server.",
  told: ["A rule without bound on its running time reached every server", "1 h 10 min", "80"],
};

async function findingsOf({ page }: Launched, trial: Trial): Promise<void> {
  await showView(page, "Findings");
  for (const [index, [title, note]] of trial.findings.entries()) {
    await page.getByRole("button", { name: "Write a note" }).click();
    await expect(page.getByRole("article")).toHaveCount(index + 1);
    const card = page.getByRole("article").last();
    await card.getByLabel("Title of the finding").fill(title);
    await card.getByLabel("Title of the finding").blur();
    await card.getByRole("textbox", { name: "Note" }).fill(note);
    await card.getByRole("textbox", { name: "Note" }).blur();
  }
}

for (const trial of [GITLAB, CLOUDFLARE]) {
  test(`${trial.name}: from the published text to a report that is signed off`, async () => {
    test.setTimeout(300_000);
    const launched = await launch();
    const { page, scratch } = launched;
    try {
      await newCase(launched, trial.name);
      await page.getByRole("button", { name: "Read a post-mortem…" }).click();
      await page.setInputFiles('input[type="file"]', trial.file);
      for (const place of trial.leaveOut) {
        await page.getByLabel(`Take the event of ${place}`).uncheck({ force: true });
      }
      await page
        .getByRole("button", { name: `Add ${trial.events} events to the timeline` })
        .click();
      await findingsOf(launched, trial);
      await addHypotheses(page, trial.hypotheses);
      await rateMatrix(page, trial.ratings);
      await answerWhys(page, trial.problem, trial.whys);
      await addFactors(page, trial.factors);
      await setCourse(page, trial.course);
      await addImpact(page, trial.impact);
      for (const action of trial.actions) await addAction(page, action);
      await showView(page, "Report");
      await write(page, "Summary of the report", trial.summary);
      await signOff(page, "A. Reviewer");

      await exportFormats(page, ["HTML", "PDF", "Word", "PowerPoint", "Markdown", "findings.json"]);
      const exports = new Exports(scratch);
      const html = plain(exports.text(".html"));
      const texts = {
        html,
        markdown: exports.text(".md"),
        word: exports.words(".docx", /^word\/document\.xml$/),
        powerpoint: exports.words(".pptx", /^ppt\/slides\/slide\d+\.xml$/),
        json: exports.text(".json"),
      };
      for (const [format, text] of Object.entries(texts)) {
        // The duration is a sum of times that findings.json holds themselves.
        const told = format === "json" ? trial.told.slice(0, 1) : trial.told;
        for (const words of told) expect.soft(text, format).toContain(words);
      }
      expect(html).toContain("Final, version 1");
      expect(exports.bytes(".pdf").subarray(0, 5).toString()).toBe("%PDF-");
      const keep = process.env["INQUEST_KEEP_REPORTS"];
      if (keep !== undefined) {
        mkdirSync(keep, { recursive: true });
        cpSync(exports.folder, `${keep}/${trial.name}`, { recursive: true });
      }
    } finally {
      await launched.close();
      cleanUp(launched);
    }
  });
}
