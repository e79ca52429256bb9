// What is built for browsers, without a server: every Kazakh letter in the fonts of pages and map,
// contrast of every pair of colours that carries text, the manifest, and no foreign host.
// server: none
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { execFileSync } from "node:child_process";

const root = new URL("../../", import.meta.url);
const assets = new URL("build/assets/", root);
const { PbfReader } = await import(new URL("web/node_modules/pbf/index.js", root));

let count = 0, failed = 0;
function ok(good, name, detail) {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name}${!good && detail ? "\n# " + detail : ""}`);
}

// --- the manifest
const manifest = JSON.parse(readFileSync(new URL("manifest.json", assets)));
const gone = Object.values(manifest).filter((f) => !existsSync(new URL(f, assets)));
ok(gone.length === 0, "every file of the manifest is there", gone.join(" "));
ok(["app.css", "enhance.js", "map.js", "pick.js", "progress.js", "favicon.svg"].every((n) => n in manifest), "the styles and all islands are named");

// --- letters
const letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЪъ№«»—0123456789";
const css = readFileSync(new URL(manifest["app.css"], assets), "utf8");
function inRange(code, range) {
  return range.split(",").some((r) => {
    const [a, b] = r.trim().replace("U+", "").split("-").map((h) => parseInt(h, 16));
    return code >= a && code <= (b ?? a);
  });
}
for (const [family, weight] of [["PT Sans", 400], ["PT Sans", 700], ["PT Serif", 400], ["PT Serif", 700]]) {
  const faces = [...css.matchAll(/@font-face\{([^}]*)\}/g)].map((m) => m[1]).filter((f) => f.includes(family) && f.includes(`font-weight:${weight}`) && f.includes("font-style:normal"));
  const missing = [...letters].filter((l) => {
    const face = faces.find((f) => inRange(l.codePointAt(0), f.match(/unicode-range:([^;]*)/)[1]));
    if (!face) return true;
    const file = new URL(face.match(/url\("?([^")]*)"?\)/)[1], assets).pathname;
    const set = execFileSync("fc-query", ["--format", "%{charset}", file], { encoding: "utf8" });
    return !set.split(" ").some((r) => inRange(l.codePointAt(0), r));
  });
  ok(faces.length === 3 && missing.length === 0, `${family} ${weight} has every letter of Kazakh and Russian`, "missing: " + missing.join(" "));
}

function glyphs(stack, range) {
  const found = new Map();
  new PbfReader(readFileSync(new URL(`glyphs/${stack}/${range}.pbf`, assets))).readFields((tag, _, pbf) => {
    if (tag !== 1) return;
    pbf.readMessage((field, __, p) => {
      if (field !== 3) return;
      const g = {};
      p.readMessage((f, o, q) => {
        if (f === 2) o.bitmap = q.readBytes();
        else if (f === 5 || f === 6) o[f] = q.readSVarint();
        else o[f] = q.readVarint();
      }, g);
      found.set(g[1], g);
    }, {});
  }, {});
  return found;
}
for (const stack of ["pt-sans", "pt-sans-bold"]) {
  const all = new Map([...glyphs(stack, "0-255"), ...glyphs(stack, "1024-1279"), ...glyphs(stack, "8192-8447")]);
  const bad = [..."ӘәҒғҚқҢңӨөҰұҮүҺһІіAz09—"].filter((l) => {
    const g = all.get(l.codePointAt(0));
    return !g || g.bitmap?.length !== (g[3] + 6) * (g[4] + 6) || Math.max(...g.bitmap) < 192 || Math.min(...g.bitmap) > 100;
  });
  ok(bad.length === 0, `the map's ${stack} draws every Kazakh letter`, bad.join(" "));
  const H = all.get("H".codePointAt(0));
  ok(H[4] === 17 && H[6] + 25 === 17, `${stack}: capitals stand on the line`, JSON.stringify({ height: H[4], top: H[6] }));
}

// --- contrast (WCAG 2.2, 1.4.3 and 1.4.11)
const tokens = readFileSync(new URL("web/css/tokens.css", root), "utf8");
const pair = (name) => tokens.match(new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`)).slice(1);
const luminance = (hex) => {
  const [r, g, b] = hex.slice(1).match(/../g).map((h) => parseInt(h, 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};
const grounds = ["paper", "surface", "sunk"];
const text = [
  ...grounds.flatMap((g) => [["ink", g], ["ink-soft", g], ["sky", g], ["sky-deep", g], ["gold", g], ["red", g]]),
  ["ink", "sky-wash"], ["sky-deep", "sky-wash"], ["ink", "gold-wash"], ["gold", "gold-wash"], ["ink", "red-wash"], ["red", "red-wash"],
  ["on-sky", "sky"], ["on-sky", "sky-deep"], ["map-label", "map-halo"],
];
const edges = [["line-strong", "paper"], ["line-strong", "surface"], ["sky", "paper"], ["red-line", "surface"], ["ink", "map-0"], ["ink", "map-1"]];
for (const [list, least] of [[text, 4.5], [edges, 3]])
  for (const mode of [0, 1]) {
    const weak = list.map(([a, b]) => [a, b, contrast(pair(a)[mode], pair(b)[mode])]).filter((x) => x[2] < least);
    ok(weak.length === 0, `${mode ? "dark" : "light"}: ${list.length} pairs of colours reach ${least}:1`, weak.map((x) => `${x[0]} on ${x[1]} ${x[2].toFixed(2)}`).join(", "));
  }
// Neighbouring classes of the map differ in lightness, so that colour-blind readers and grey printers tell them apart.
for (const mode of [0, 1]) {
  const steps = [1, 2, 3, 4].map((i) => contrast(pair(`map-${i}`)[mode], pair(`map-${i + 1}`)[mode]));
  ok(Math.min(...steps) >= 1.25, `${mode ? "dark" : "light"}: the map's classes are told apart by lightness alone`, steps.map((s) => s.toFixed(2)).join(" "));
}

// --- nothing from elsewhere
const own = readdirSync(assets).filter((f) => /^(app|enhance|map-|pick|progress).*\.(js|css)$/.test(f));
const foreign = own.filter((f) => /url\(["']?https?:|import\s*["']https?:|fetch\(["']https?:/.test(readFileSync(new URL(f, assets), "utf8")));
ok(own.length >= 5 && foreign.length === 0, "no style or island names another host", foreign.join(" "));
const lock = readFileSync(new URL("web/package-lock.json", root), "utf8");
ok(!/"resolved"/.test(lock), "the lock file names no registry");

console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
