// The islands by themselves: built assets, small pages and tiles made here, served under the program's
// content security policy. Needs build/assets (make assets) and Chromium, no running server.
// server: none
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const assets = new URL("build/assets/", root);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", assets)));
const source = readFileSync(new URL("src/http/response.c", root), "utf8");
const policy = [...source.slice(source.indexOf("CSP[] =")).split(";\n")[0].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("");
const types = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", woff2: "font/woff2", pbf: "application/x-protobuf" };

// --- vector tiles: one square district left, one right and protected, a village in the middle of each
const { GeoJSONVT } = await import(new URL("web/node_modules/@maplibre/geojson-vt/dist/geojson-vt.mjs", root));
const { fromGeojsonVt } = await import(new URL("web/node_modules/@maplibre/vt-pbf/dist/index.es.js", root));
const square = (w, s, e, n) => ({ type: "Polygon", coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] });
const index = (list) => new GeoJSONVT({ type: "FeatureCollection", features: list.map(([geometry, properties]) => ({ type: "Feature", geometry, properties })) }, { maxZoom: 12 });
const point = (x, y) => ({ type: "Point", coordinates: [x, y] });
const tiles = {
  base: { water: index([[square(67, 41, 67.2, 41.2), {}]]) },
  units: {
    units: index([
      [square(67, 42, 68, 43), { id: 11, name: "Сол аудан", class: 5, value_text: "12,4", protected: false, href: "/places/left" }],
      [square(68, 42, 69, 43), { id: 12, name: "Оң аудан", class: 0, value_text: "9,9", protected: true, href: "//elsewhere.example/" }],
    ]),
    unit_label: index([[point(67.5, 42.5), { name: "Сол аудан" }]]),
  },
  settlements: { settlements: index([[point(67.3, 42.8), { id: 1, name: "Қарашық", attention: true, size: 2, href: "/places/village" }]]) },
};

const page = (body, script = "", account = "1") => `<!doctype html><html lang="kk" data-theme="light"><head><meta charset="utf-8"><title>Сынақ</title>
<link rel="stylesheet" href="/assets/${manifest["app.css"]}"><script type="module" src="/assets/${manifest["enhance.js"]}"></script>
${script && `<script type="module" src="/assets/${manifest[script + ".js"]}"></script>`}</head><body data-account="${account}"><main class="page"><h1>Сынақ</h1>${body}</main></body></html>`;
const map = (more) => `<div class="map" id="map" data-bounds="67,42,69,43" data-texts='{"protected":"Қорғалған","zoom_in":"Жақындату","zoom_out":"Алыстату"}' ${more}></div>`;
let jobAsked = 0;
const pages = {
  "/form": () => page(`<form class="form" method="post" action="/sent" data-keep="intake" novalidate><label for="what">Не болды</label>
    <textarea id="what" name="what"></textarea><label for="pin">Құпиясөз</label><input id="pin" name="pin" type="password"><button class="button">Жіберу</button><p data-saved="Сақталды"></p></form>
    <p data-theme-choice hidden><button type="button" value="auto">Авто</button> <button type="button" value="dark">Қараңғы</button></p>`),
  "/other-account": () => page("<p>Басқа адам</p>", "", "2"),
  "/sent": () => page("<p id=done>Тіркелді</p>"),
  "/table": () => page(`<table class="table" data-sort><thead><tr><th><a href="/never">Аудан</a></th><th class="num"><a href="/never">Саны</a></th></tr></thead><tbody>
    <tr><td>Шардара</td><td class="num">1 017</td></tr><tr><td>Әулие</td><td class="num">−3</td></tr><tr><td>Арыс</td><td class="num"><span class="protected">қорғалған</span></td></tr><tr><td>Қазығұрт</td><td class="num">25</td></tr></tbody></table>`),
  "/search-page": () => page(`<form class="search" action="/found"><label for="q" class="sr-only">Іздеу</label><input id="q" name="q" type="search" data-suggest="/suggest"></form>`),
  "/map": () => page(map('data-selected="11"') + '<p><a id="row" data-unit="11" href="/x">Сол аудан</a></p>', "map"),
  "/pick": () => page(`<label for="lat">Ендік</label><input id="lat"><label for="lon">Бойлық</label><input id="lon">${map('data-pick data-candidates=\'[{"lat":42.25,"lon":68.25,"name":"Ақбұлақ"}]\'')}`, "pick"),
  "/job": () => page('<div class="progress" data-job="/job.json"><progress></progress><p data-doing></p></div>', "progress"),
};

const server = createServer((q, r) => {
  const path = decodeURIComponent(new URL(q.url, "http://x").pathname);
  r.setHeader("Content-Security-Policy", policy);
  const tile = path.match(/^\/tiles\/(\w+)\/(\d+)\/(\d+)\/(\d+)$/);
  if (tile) {
    const layers = {};
    for (const [name, i] of Object.entries(tiles[tile[1]])) layers[name] = i.getTile(+tile[2], +tile[3], +tile[4]) ?? { features: [] };
    r.setHeader("Content-Type", "application/vnd.mapbox-vector-tile");
    return r.end(Buffer.from(fromGeojsonVt(layers, { version: 2 })));
  }
  if (path.startsWith("/assets/")) {
    r.setHeader("Content-Type", types[path.split(".").pop()] ?? "application/octet-stream");
    return r.end(readFileSync(new URL(path.slice(8), assets)));
  }
  if (path === "/job.json") return r.end(JSON.stringify({ job: { state: ++jobAsked < 2 ? "running" : "done", progress_done: jobAsked, progress_total: 4, progress_text: "Үлгі есептелуде" } }));
  if (path === "/suggest") return r.end(JSON.stringify({ results: [{ label: "Қарашық", detail: "ауыл", href: "/places/village" }, { label: "Бөтен", href: "https://elsewhere.example/" }] }));
  r.setHeader("Content-Type", "text/html; charset=utf-8");
  r.end((pages[path] ?? (() => page("<p id=other>" + path + "</p>")))());
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
process.env.SHANYRAQ_URL = `http://127.0.0.1:${server.address().port}`;
const { journey } = await import("./lib.mjs");

await journey("what is typed is not lost", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/form"));
  await p.fill("#what", "Арықтың суы жетпейді");
  await p.fill("#pin", "құпия");
  await p.waitForFunction(() => document.querySelector("[data-saved]").textContent === "Сақталды");
  t.ok(!(await p.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes("құпия"), "a password is not kept");
  await p.goto(t.url("/elsewhere"));
  await p.goto(t.url("/form"));
  t.is(await p.inputValue("#what"), "Арықтың суы жетпейді", "the words are back after leaving the page");
  await p.goto(t.url("/other-account"));
  await p.goto(t.url("/form"));
  t.is(await p.inputValue("#what"), "", "another person at the same machine does not see them");
  await p.fill("#what", "Қайта жазылды");
  await p.waitForFunction(() => sessionStorage.getItem("keep:intake")?.includes("Қайта"));
  await p.click("button.button");
  await p.waitForSelector("#done");
  await p.goto(t.url("/form"));
  t.is(await p.inputValue("#what"), "", "after the form was sent nothing is left in the browser");
});

await journey("light and dark", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/form"));
  const light = await p.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await p.click('[value="dark"]');
  const dark = await p.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  t.ok(light !== dark, "the choice changes the page at once");
  t.ok((await p.context().cookies()).some((c) => c.name === "theme" && c.value === "dark"), "the choice is kept in a cookie for the server");
});

await journey("a table sorts in the browser", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/table"));
  const column = (i) => p.$$eval(`tbody td:nth-child(${i})`, (cells) => cells.map((c) => c.textContent.trim()).join(" | "));
  await p.click("thead th:nth-child(1) a");
  t.is(await column(1), "Арыс | Әулие | Қазығұрт | Шардара", "names follow the Kazakh alphabet");
  await p.click("thead th:nth-child(2) a");
  t.is(await column(2), "−3 | 25 | 1 017 | қорғалған", "numbers follow their value, protected ones stay below");
  await p.click("thead th:nth-child(2) a");
  t.is(await column(2), "1 017 | 25 | −3 | қорғалған", "the other direction too");
  t.is(await p.getAttribute("thead th:nth-child(2)", "aria-sort"), "descending", "the heading says the direction");
});

await journey("matches while typing", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/search-page"));
  await p.locator("#q").pressSequentially("қар");
  await p.waitForSelector(".suggestions:not([hidden]) a");
  t.is(await p.locator(".suggestions a").count(), 1, "a match on another host is not offered");
  await p.keyboard.press("ArrowDown");
  await Promise.all([p.waitForURL("**/places/village"), p.keyboard.press("Enter")]);
  t.ok(true, "the keyboard opens a match");
});

await journey("the map", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/map"));
  await p.waitForSelector("#map[data-ready]", { timeout: 40000 });
  const box = await p.locator("#map").boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  await p.mouse.move(...at(0.3, 0.6));
  await p.waitForFunction(() => !document.querySelector(".map-tip").hidden);
  t.ok(/Сол аудан\s*12,4/.test(await p.textContent(".map-tip")), "a district says its name and value");
  await p.mouse.move(...at(0.7, 0.6));
  await p.waitForFunction(() => document.querySelector(".map-tip").textContent.includes("Оң аудан"));
  t.is((await p.textContent(".map-tip")).replace("Оң аудан", "").trim(), "Қорғалған", "a protected district says that it is protected and no value");
  await p.mouse.click(...at(0.7, 0.6));
  await p.waitForTimeout(300);
  t.ok(p.url().endsWith("/map"), "a link to another host is not followed");
  await p.focus("#row");
  await t.accessible(p, "the map's page");
  await Promise.all([p.waitForURL("**/places/left"), p.mouse.click(...at(0.3, 0.6))]);
  t.ok(true, "a click opens the passport");
});

await journey("a point is picked", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/pick"));
  await p.waitForSelector("#map[data-ready]", { timeout: 40000 });
  await p.getByRole("button", { name: "Ақбұлақ" }).click();
  t.is(await p.inputValue("#lat"), "42.25000", "a candidate gives its latitude");
  const box = await p.locator("#map").boundingBox();
  await p.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const lon = Number(await p.inputValue("#lon"));
  t.ok(Math.abs(lon - 68) < 0.02, "a press gives the place pressed", String(lon));
  await p.fill("#lon", "67,5");
  await p.locator("#lon").blur();
  t.is(await p.locator(".map-pin").count(), 1, "typed numbers move the pin");
});

await journey("long work is followed", async (t) => {
  const p = await t.page();
  await p.goto(t.url("/job"));
  await p.waitForFunction(() => document.querySelector("[data-doing]").textContent !== "");
  t.is(await p.textContent("[data-doing]"), "Үлгі есептелуде", "the page says what is being done");
  await p.waitForNavigation();
  t.ok(jobAsked >= 2, "when the work has ended the page is loaded anew");
});

server.closeAllConnections();
server.close();
