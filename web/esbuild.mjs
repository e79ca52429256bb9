// Builds what browsers load into one flat folder: `node web/esbuild.mjs OUTDIR`.
//
// Every file's name carries a hash of its content, so that it may be cached for ever; manifest.json
// maps the name the program uses ("map.js") to the file ("map-7K2QX4TA.js"). An island is one entry:
// web/src/islands/NAME.ts or src/FEATURE/island_NAME.ts, both become NAME.js.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(web, "../build/assets"));
const manifest = {};

// PT Sans and PT Serif by ParaType. Kazakh letters beyond Russian lie in the range cyrillic-ext; the
// digits of both families have one width, so columns of numbers line up without a font feature.
const ranges = {
  latin: "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212,U+2215",
  cyrillic: "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
  "cyrillic-ext": "U+0460-048F,U+0492-04AF,U+04B2-052F,U+20B4",
};
const faces = [
  ["PT Sans", 400, "normal"], ["PT Sans", 400, "italic"], ["PT Sans", 700, "normal"],
  ["PT Serif", 400, "normal"], ["PT Serif", 700, "normal"],
];
function fontFaces() {
  let css = "";
  for (const [family, weight, style] of faces)
    for (const [subset, range] of Object.entries(ranges)) {
      const kebab = family.toLowerCase().replace(" ", "-");
      const file = `@fontsource/${kebab}/files/${kebab}-${subset}-${weight}-${style}.woff2`;
      css += `@font-face{font-family:"${family}";font-weight:${weight};font-style:${style};` +
        `font-display:swap;src:url("${file}") format("woff2");unicode-range:${range}}\n`;
    }
  return css;
}
const fonts = {
  name: "fonts",
  setup(b) {
    b.onResolve({ filter: /^fonts$/ }, () => ({ path: "fonts", namespace: "fonts" }));
    b.onLoad({ filter: /.*/, namespace: "fonts" }, () => ({ contents: fontFaces(), loader: "css", resolveDir: web }));
  },
};

// A flat build: everything but the map's glyphs (made by tools/glyphs.c) is replaced.
mkdirSync(out, { recursive: true });
for (const e of readdirSync(out, { withFileTypes: true })) if (e.isFile()) rmSync(join(out, e.name));

function put(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = name.replace(/(\.[^.]+)$/, `-${hash}$1`);
  writeFileSync(join(out, file), bytes);
  manifest[name] = file;
  return file;
}

async function bundle(entries, options) {
  const result = await build({
    entryPoints: entries, outdir: out, bundle: true, minify: true, metafile: true, legalComments: "none",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"], entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]", loader: { ".woff2": "file", ".svg": "file" }, logLevel: "warning", ...options,
  });
  for (const [file, o] of Object.entries(result.metafile.outputs))
    if (o.entryPoint) {
      const name = entries.find((e) => resolve(e.in) === resolve(o.entryPoint)).out;
      manifest[name + (file.endsWith(".css") ? ".css" : ".js")] = basename(file);
    }
}

function islands() {
  const list = [];
  const own = join(web, "src/islands");
  for (const f of readdirSync(own)) if (f.endsWith(".ts")) list.push({ in: join(own, f), out: f.slice(0, -3) });
  const src = join(web, "../src");
  for (const d of readdirSync(src, { withFileTypes: true }).filter((e) => e.isDirectory()))
    for (const f of readdirSync(join(src, d.name)))
      if (/^island_.*\.ts$/.test(f)) list.push({ in: join(src, d.name, f), out: f.slice(7, -3) });
  return list;
}

for (const f of readdirSync(join(web, "static"))) put(f, readFileSync(join(web, "static", f)));
// The terms of what we hand on to browsers, as their authors ask.
put("licenses.txt", Buffer.from(["@fontsource/pt-sans/LICENSE", "@fontsource/pt-serif/LICENSE", "maplibre-gl/LICENSE.txt"]
  .map((f) => `== ${dirname(f)} ==\n\n` + readFileSync(join(web, "node_modules", f), "utf8").trim() + "\n").join("\n")));
// MapLibre draws in a worker, which the security policy only lets us load from our own address.
const worker = put("maplibre-worker.js",
  readFileSync(join(web, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), "utf8")
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
await bundle([{ in: join(web, "css/app.css"), out: "app" }], { plugins: [fonts] });
await bundle(islands(), { format: "esm", splitting: true, chunkNames: "shared-[hash]", tsconfig: join(web, "tsconfig.json"), define: { WORKER_FILE: JSON.stringify(worker) }, nodePaths: [join(web, "node_modules")] });
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 1) + "\n");
