import type { Layer } from "../model/role.ts";

/** What a sentence of a post-mortem tells of, by the words that people use for it. */
export interface EventKind {
  readonly kind: string;
  readonly layer: Layer;
  readonly words: RegExp;
}

/** The first that fits counts: what was done before what was seen. */
export const EVENT_KINDS: readonly EventKind[] = [
  {
    kind: "rollback",
    layer: "people",
    words: /\b(?:roll(?:ed|s|ing)?[ -]?back|revert(?:ed|s|ing)?|backed out)\b/iu,
  },
  {
    kind: "resolution",
    layer: "people",
    words:
      /\b(?:(?:fully )?(?:resolved|recovered|restored|mitigated)|back to normal|all[ -]clear|incident (?:was )?closed|returned to (?:normal|baseline)|recovery complete)\b/iu,
  },
  {
    kind: "mitigation",
    layer: "people",
    words:
      /\b(?:mitigat\w+|fail(?:ed)?[ -]?over|restart(?:ed|s|ing)?|scal(?:ed|ing) (?:up|out|down)|disabl(?:ed|ing)|drain(?:ed|ing)|hotfix|work[- ]?around|throttl(?:ed|ing)|fix (?:was )?(?:deployed|rolled out))\b/iu,
  },
  {
    kind: "deployment",
    layer: "people",
    words:
      /\b(?:deploy(?:ed|s|ment|ing)?|rolled out|roll[- ]?out|releas(?:e|ed|ing)|shipped|push(?:ed)? to production|merged|canary)\b/iu,
  },
  {
    kind: "config",
    layer: "people",
    words:
      /\b(?:config(?:uration)?(?: change)?s?|feature flag|flag (?:was )?(?:enabled|turned on)|migration|schema change|firewall rule|dns change|certificate)\b/iu,
  },
  {
    kind: "model",
    layer: "model",
    words: /\b(?:retrain(?:ed|ing)?|model (?:version|v\d|refresh|update)|new model|checkpoint)\b/iu,
  },
  {
    kind: "alert",
    layer: "serving",
    words:
      /\b(?:alert(?:s|ed|ing)?|pag(?:ed|er|ing)|alarm(?:s|ed)?|monitor(?:s|ing)? (?:fired|triggered))\b/iu,
  },
  {
    kind: "detection",
    layer: "people",
    words:
      /\b(?:notic(?:ed|es)|detect(?:ed|s)|discover(?:ed|s)|identif(?:ied|ies)|root cause (?:was )?found|(?:customer|user|support) (?:report|ticket|complain)\w*|reported)\b/iu,
  },
  {
    kind: "escalation",
    layer: "people",
    words:
      /\b(?:escalat\w+|war room|incident (?:was )?(?:declared|opened)|incident commander|on-?call (?:engineer )?(?:joined|engaged))\b/iu,
  },
  {
    kind: "communication",
    layer: "people",
    words: /\b(?:status ?page|announced|communicat\w+|notified customers|tweet\w*)\b/iu,
  },
];

/** Where something was seen, when no kind of action fits. */
export const SYMPTOM_LAYERS: readonly { readonly layer: Layer; readonly words: RegExp }[] = [
  {
    layer: "data",
    words:
      /\b(?:pipeline|etl|ingest\w*|data ?set|backfill|null values|late data|upstream data|kafka lag)\b/iu,
  },
  { layer: "features", words: /\b(?:features?|feature store|embedding\w*|encoding)\b/iu },
  {
    layer: "model",
    words:
      /\b(?:model|predictions?|accuracy|drift|click-?through|ctr|recommendations?|ranking)\b/iu,
  },
  {
    layer: "infrastructure",
    words:
      /\b(?:cpu|memory|disk|oom|network|packet|dns|load balancer|kubernetes|nodes?|pods?|hosts?|database|db|replica\w*|storage|region|zone|power|switch|router)\b/iu,
  },
];
