import { test } from "vitest";
import { modelChecks } from "../../shared/analysis/model/model-checks.ts";
import { unwrap } from "../../shared/base/result.ts";
import { parseIso } from "../../shared/base/time.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { readFileSync } from "node:fs";
import { tableFromArrays, tableToIPC } from "apache-arrow";
async function load(engine: any, name: string, file: string) {
  const [head, ...lines] = readFileSync(D + "/" + file, "utf8").trim().split(/\r?\n/);
  const cells = lines.map((l) => l.split(","));
  const cols = Object.fromEntries(head!.split(",").map((n, k) => { const v = cells.map((c) => c[k] ?? ""); const nums = v.map(Number); return [n, nums.every((x) => !Number.isNaN(x)) ? Float64Array.from(nums) : v]; }));
  unwrap(await engine.insertArrow(name, tableToIPC(tableFromArrays(cols as any), "stream"), { create: true }));
}
const D = "/work/shared/data/open/B_ml_drift/nannyml";
test("california", async () => {
  const engine = await createNodeEngine();
  await load(engine, "r0", "california_housing_reference.csv"); await load(engine, "a0", "california_housing_analysis.csv"); await load(engine, "g0", "california_housing_analysis_gt.csv");
  unwrap(await engine.query("CREATE TABLE h AS SELECT * REPLACE(CAST(clf_target AS BIGINT) AS clf_target, CAST(y_pred AS BIGINT) AS y_pred, CAST(timestamp AS TIMESTAMP) AS timestamp) FROM r0 UNION ALL BY NAME SELECT a.* REPLACE(CAST(a.y_pred AS BIGINT) AS y_pred, CAST(a.timestamp AS TIMESTAMP) AS timestamp), CAST(g.clf_target AS BIGINT) AS clf_target FROM a0 a JOIN g0 g USING (id)"));
  const f = ["MedInc","HouseAge","AveRooms","AveBedrms","Population","AveOccup","Latitude","Longitude"];
  const meta: TableMeta = { name: "h", target: "own", timeColumn: "timestamp", evidenceIds: [], rows: 0, from: null, to: null,
    columns: [{name:"timestamp",type:"timestamp",role:"timestamp"}, ...f.map(n=>({name:n,type:"double" as const,role:"feature" as const})),
      {name:"y_pred_proba",type:"double",role:"score"},{name:"y_pred",type:"bigint",role:"prediction"},{name:"clf_target",type:"bigint",role:"label"}] };
  const at = (s: string) => parseIso(s+"T00:00:00Z") as number;
  const months = ["2021-06-01","2021-07-01","2021-08-01","2021-09-01","2021-10-01","2021-11-01","2021-12-01","2022-01-01","2022-02-01","2022-03-01","2022-04-01","2022-05-01"];
  for (let k=0;k+1<months.length;k++){
    const t0=Date.now();
    const r = await modelChecks(engine, meta, { baseline:{from:at("2020-10-01"),to:at("2021-06-01")}, incident:{from:at(months[k]!),to:at(months[k+1]!)} });
    const auc=r.metrics.find(m=>m.metric==="roc_auc"); const est=r.estimated?.metrics.find(m=>m.metric==="roc_auc");
    console.log(months[k], r.skipped, auc?.incident?.value.toFixed(4), auc?.verdict, "est", est?.incident?.value.toFixed(4), est?.incident?.low.toFixed(4), est?.incident?.high.toFixed(4), est?.verdict, r.binningError, Date.now()-t0, "ms");
    if(k===3||k===5) console.log(r.readings, r.statements, r.decompositions.map(d=>[d.metric,d.domainAuc,d.parts]));
  }
}, 120000);
