import { expect, test } from "vitest";
import { DARK } from "../../../shared/model/palette.ts";
import { layoutFishbone } from "../../../shared/reasoning/fishbone-layout.ts";
import { describeFishbone, fishboneSvg } from "../../../shared/report/fishbone-svg.ts";

const layout = layoutFishbone({
  problem: "Orders < 10 & falling",
  categories: [
    { id: "p", name: "People" },
    { id: "t", name: "Technology" },
  ],
  causes: [
    { id: "a", categoryId: "t", parentId: null, text: "cache <b>off</b>", findingIds: ["f"] },
    { id: "b", categoryId: "t", parentId: "a", text: "flag flipped", findingIds: [] },
  ],
  findings: [{ id: "f" }],
});

test("a fishbone is an SVG of its own, with every text in it as text", () => {
  const svg = fishboneSvg(layout);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
  expect(svg).toContain("<title>Fishbone: Orders &lt; 10 &amp; falling</title>");
  expect(svg).toContain(">cache &lt;b&gt;off&lt;/b&gt;</text>");
  expect(svg).toContain(">F1</text>");
  expect(svg).not.toContain("<b>");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg.match(/<line /g)).toHaveLength(layout.lines.length);
  // No frame, font, script or picture from elsewhere.
  expect(svg).not.toMatch(/href|url\(|<script|<style/);
});

test("its description says the bones with their causes", () => {
  expect(describeFishbone(layout)).toBe(
    "People: no cause. Technology: cache <b>off</b>; flag flipped.",
  );
});

test("it takes another palette", () => {
  expect(fishboneSvg(layout, DARK)).toContain(`fill="${DARK.ground}"`);
  expect(fishboneSvg(layout)).not.toContain(DARK.text);
});
