import type { CaseState } from "../model/case.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Finding } from "../model/finding.ts";

type Node = Record<string, unknown>;

const CONTEXT = {
  kb: "http://example.org/kb/",
  "case-investigation": "https://ontology.caseontology.org/case/investigation/",
  "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
  "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
  "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
  "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
  "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
  "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** What the graph needs to know. */
export interface CaseUcoInput {
  /** Of `case.json`. */
  readonly caseId: string;
  readonly state: Pick<CaseState, "name" | "evidence" | "findings" | "summary">;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly version: string;
  /** SHA-256 of a text, hex: ids are made from it, so that the same case has the same graph. */
  readonly hash: (text: string) => string;
}

/**
 * The case as a graph of the CASE and UCO ontologies (1.4): the investigation,
 * each original as a file with its hash, each import and each finding as an
 * investigative action with what it used and what came of it.
 * https://caseontology.org
 */
export function caseUco(input: CaseUcoInput): object {
  const { caseId, state, createdAt, version } = input;
  const id = (kind: string, name: string): string =>
    `kb:${kind}-${uuid(input.hash(`${caseId}/${kind}/${name}`))}`;
  const tool = id("tool", "inquest");
  const originals = distinct(state.evidence);
  const fileOf = (evidence: Evidence): string => id("file", evidence.path);
  const files = originals.map((e) => fileNode(e, fileOf(e), id));
  const imports = originals.flatMap((e) => [
    {
      "@id": id("action", `import ${e.path}`),
      "@type": "case-investigation:InvestigativeAction",
      "uco-core:name": `Read ${e.name}`,
      "uco-core:description": `Importer ${e.importer}: ${e.rows} records read, ${e.rejected} rejected.`,
      "uco-action:instrument": { "@id": tool },
      "uco-action:object": { "@id": fileOf(e) },
      "uco-action:result": { "@id": id("record", `import ${e.path}`) },
    },
    {
      "@id": id("record", `import ${e.path}`),
      "@type": "case-investigation:ProvenanceRecord",
      "uco-core:description": e.name,
      "case-investigation:exhibitNumber": e.id,
      "uco-core:object": { "@id": fileOf(e) },
    },
  ]);
  const findings = state.findings.flatMap((finding, index) =>
    findingNodes(finding, index + 1, { state, tool, id, fileOf }),
  );
  const nodes: Node[] = [
    {
      "@id": tool,
      "@type": "uco-tool:Tool",
      "uco-core:name": "Inquest",
      "uco-tool:version": version,
    },
    ...files,
    ...imports,
    ...findings,
  ];
  return {
    "@context": CONTEXT,
    "@graph": [
      {
        "@id": id("bundle", "case"),
        "@type": "uco-core:Bundle",
        "uco-core:name": state.name,
        "uco-core:objectCreatedTime": dateTime(createdAt),
        "uco-core:object": [
          { "@id": id("investigation", "case") },
          ...nodes.map((node) => ({ "@id": node["@id"] })),
        ],
      },
      {
        "@id": id("investigation", "case"),
        "@type": "case-investigation:Investigation",
        "uco-core:name": state.name,
        "case-investigation:focus": "Root cause analysis",
        ...(state.summary.trim() === "" ? {} : { "uco-core:description": state.summary.trim() }),
        ...(nodes.length === 0
          ? {}
          : { "uco-core:object": nodes.map((node) => ({ "@id": node["@id"] })) }),
      },
      ...nodes,
    ],
  };
}

/** Members of an archive share their original. */
function distinct(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map([...evidence].reverse().map((e) => [e.path, e])).values()].reverse();
}

function fileNode(e: Evidence, id: string, make: (kind: string, name: string) => string): Node {
  return {
    "@id": id,
    "@type": "uco-observable:File",
    "uco-core:hasFacet": [
      {
        "@id": make("file-facet", e.path),
        "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": e.name,
        "uco-observable:filePath": e.path,
        "uco-observable:modifiedTime": dateTime(new Date(e.mtimeMs).toISOString()),
        "uco-observable:sizeInBytes": { "@type": "xsd:integer", "@value": String(e.size) },
      },
      {
        "@id": make("content-facet", e.path),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:sizeInBytes": { "@type": "xsd:integer", "@value": String(e.size) },
        "uco-observable:hash": {
          "@id": make("hash", e.path),
          "@type": "uco-types:Hash",
          "uco-types:hashMethod": "SHA256",
          "uco-types:hashValue": { "@type": "xsd:hexBinary", "@value": e.sha256.toUpperCase() },
        },
      },
    ],
  };
}

function findingNodes(
  finding: Finding,
  number: number,
  {
    state,
    tool,
    id,
    fileOf,
  }: {
    state: CaseUcoInput["state"];
    tool: string;
    id: (kind: string, name: string) => string;
    fileOf: (evidence: Evidence) => string;
  },
): Node[] {
  const used = [
    ...new Set(state.evidence.filter((e) => finding.evidenceIds.includes(e.id)).map(fileOf)),
  ];
  const { provenance } = finding;
  const how =
    provenance === null
      ? "A note of the investigator."
      : `SQL: ${provenance.sql}\nRows: ${provenance.resultRows}\nSHA-256 of the result: ${provenance.resultDigest}`;
  const record = id("record", finding.id);
  return [
    {
      "@id": id("action", finding.id),
      "@type": "case-investigation:InvestigativeAction",
      "uco-core:name": `Finding ${number}: ${finding.title}`,
      "uco-core:description": how,
      "uco-action:startTime": dateTime(finding.createdAt),
      "uco-action:instrument": { "@id": tool },
      ...(used.length === 0 ? {} : { "uco-action:object": used.map((file) => ({ "@id": file })) }),
      "uco-action:result": { "@id": record },
    },
    {
      "@id": record,
      "@type": "case-investigation:ProvenanceRecord",
      "uco-core:description": [finding.title, finding.statement, finding.note]
        .filter((text) => text.trim() !== "")
        .join("\n"),
      "case-investigation:exhibitNumber": `F${number}`,
      ...(used.length === 0 ? {} : { "uco-core:object": used.map((file) => ({ "@id": file })) }),
    },
  ];
}

/**
 * A UUID from the first bytes of a hash, marked as a name-based one: the shapes
 * of UCO know versions up to 5 only.
 */
function uuid(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function dateTime(iso: string): Node {
  return { "@type": "xsd:dateTime", "@value": iso };
}
