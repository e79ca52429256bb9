// The ethnomap in the browser: districts by class, settlements as points.
//
// Markup: <div class="map" id="map" data-tiles="/tiles/{layer}/{z}/{x}/{y}" data-query="indicator=..."
//   data-bounds="w,s,e,n" data-selected="ID" data-layers="units settlements" data-texts='{"protected":...}'>.
// Tiles `units` have the sub-layers `units` (id, name, class 0 to 5, value_text, protected, href) and
// `unit_label` (points: name); tiles `settlements` have `settlements` (id, name, attention, size 1 to 5, href).
// The server has decided every class and hidden every protected value before this script sees it. The
// same data stands in a table beside the map; rows with data-unit="ID" light up their district.
import type { LayerSpecification, Map as MapView, MapGeoJSONFeature, MapMouseEvent, StyleSpecification } from "maplibre-gl";
import { baseStyle, byZoom, fonts, makeMap, tilesOf, withLayers, type Texts } from "common/basemap";
import { colour, dataJson, onThemeChange, ownPath } from "common/dom";

const touch = matchMedia("(pointer: coarse)").matches;

function unitLayers(selected: string): LayerSpecification[] {
  const from = { source: "units", "source-layer": "units" };
  const lit: ["boolean", ["feature-state", string], boolean] = ["boolean", ["feature-state", "lit"], false];
  return [
    {
      id: "units", type: "fill", ...from,
      paint: {
        "fill-color": ["match", ["coalesce", ["get", "class"], 0],
          1, colour("map-1"), 2, colour("map-2"), 3, colour("map-3"), 4, colour("map-4"), 5, colour("map-5"), colour("map-0")],
        "fill-opacity": ["case", lit, 0.75, 0.92],
      },
    },
    {
      id: "units-protected", type: "fill", ...from,
      filter: ["==", ["get", "protected"], true], paint: { "fill-pattern": "hatch" },
    },
    { id: "units-edge", type: "line", ...from, paint: { "line-color": colour("map-border"), "line-width": 0.8 } },
    {
      id: "units-lit", type: "line", ...from,
      paint: {
        "line-color": colour("ink"),
        "line-width": ["case", ["==", ["to-string", ["get", "id"]], selected], 3, lit, 2, 0],
      },
    },
  ];
}

function labelLayers(): LayerSpecification[] {
  const text = { "text-color": colour("map-label"), "text-halo-color": colour("map-halo"), "text-halo-width": 2 };
  const size: ["coalesce", ["get", string], number] = ["coalesce", ["get", "size"], 1];
  const needsAttention: ["==", ["get", string], boolean] = ["==", ["get", "attention"], true];
  return [
    {
      id: "settlements", type: "circle", source: "settlements", "source-layer": "settlements",
      layout: { "circle-sort-key": ["case", needsAttention, 10, size] },
      paint: {
        // Far out a village is a speck; what needs attention is seen at every zoom.
        "circle-radius": ["interpolate", ["linear"], ["zoom"],
          5, ["case", needsAttention, 3.5, ["*", 0.45, size]], 8, ["case", needsAttention, 4.5, ["+", 1, size]], 12, ["+", 3, size]],
        "circle-color": ["case", needsAttention, colour("gold-line"), colour("surface")],
        "circle-stroke-color": colour("ink"),
        "circle-stroke-width": byZoom([5, 0.5], [9, 1.2]),
      },
    },
    {
      id: "settlement-names", type: "symbol", source: "settlements", "source-layer": "settlements", minzoom: 8,
      layout: {
        "text-field": ["get", "name"], "text-font": fonts.plain, "text-size": 12.5, "text-anchor": "left",
        "text-offset": [0.7, 0], "text-max-width": 8, "symbol-sort-key": ["-", 0, size],
      },
      paint: text,
    },
    {
      id: "unit-names", type: "symbol", source: "units", "source-layer": "unit_label",
      layout: { "text-field": ["get", "name"], "text-font": fonts.bold, "text-size": byZoom([5, 12], [7, 14], [10, 18]), "text-max-width": 7 },
      paint: text,
    },
  ];
}

function styleOf(el: HTMLElement): StyleSpecification {
  const style = baseStyle(el);
  const wanted = (el.dataset["layers"] ?? "units settlements").split(" ");
  const maxzoom = Number(el.dataset["maxzoom"] ?? 12);
  for (const layer of ["units", "settlements"])
    if (wanted.includes(layer))
      style.sources[layer] = { type: "vector", tiles: [tilesOf(el, layer)], maxzoom, promoteId: "id" };
  const has = (l: LayerSpecification) => "source" in l && typeof l.source === "string" && l.source in style.sources;
  withLayers(style, unitLayers(el.dataset["selected"] ?? "").filter(has), labelLayers().filter(has));
  return style;
}

/** The pattern of a protected district: thin slanted lines, so that it is known without its colour. */
function addHatch(map: MapView): void {
  const size = 16;
  const ink = (colour("map-border").match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if ((x + y) % 8 < 2) data.set([ink[0] ?? 0, ink[1] ?? 0, ink[2] ?? 0, 255], (y * size + x) * 4);
  if (map.hasImage("hatch")) map.removeImage("hatch");
  map.addImage("hatch", { width: size, height: size, data }, { pixelRatio: 2 });
}

function tipText(tip: HTMLElement, f: MapGeoJSONFeature, texts: Texts): void {
  const p = f.properties;
  const name = document.createElement("strong");
  name.textContent = String(p["name"] ?? "");
  tip.replaceChildren(name);
  const lines = [p["protected"] === true ? (texts.protected ?? "") : String(p["value_text"] ?? "")];
  if (p["attention"] === true) lines.push(texts.attention ?? "");
  for (const line of lines.filter(Boolean)) {
    const span = document.createElement("span");
    span.textContent = line + " ";
    tip.append(span);
  }
  const href = ownPath(p["href"]);
  if (touch && href && texts.open) {
    const a = document.createElement("a");
    a.href = href;
    a.textContent = texts.open;
    tip.append(document.createElement("br"), a);
  }
}

function start(el: HTMLElement): void {
  const texts = dataJson<Texts>(el, "texts", {});
  const map = makeMap(el, styleOf(el));
  if (!map) return;
  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.hidden = true;
  tip.style.pointerEvents = touch ? "auto" : "none";
  el.append(tip);

  let lit: { source: string; id: string | number } | null = null;
  const light = (source: string, id: string | number | null | undefined): void => {
    if (lit && map.getSource(lit.source)) map.removeFeatureState({ source: lit.source, sourceLayer: "units", id: lit.id });
    lit = id === null || id === undefined || source !== "units" ? null : { source, id };
    if (lit) map.setFeatureState({ source: "units", sourceLayer: "units", id: lit.id }, { lit: true });
  };
  const at = (e: MapMouseEvent): MapGeoJSONFeature | undefined =>
    map.queryRenderedFeatures(e.point, { layers: ["settlements", "units"].filter((l) => map.getLayer(l)) })[0];
  const show = (e: MapMouseEvent, f: MapGeoJSONFeature | undefined): void => {
    tip.hidden = !f;
    el.classList.toggle("map-pointer", !!f && !!ownPath(f.properties["href"]));
    light(f?.source ?? "", f?.id);
    if (!f) return;
    tipText(tip, f, texts);
    const x = Math.max(4, Math.min(e.point.x + 14, el.clientWidth - tip.offsetWidth - 8));
    const y = e.point.y + 18 + tip.offsetHeight > el.clientHeight ? e.point.y - tip.offsetHeight - 12 : e.point.y + 18;
    tip.style.transform = `translate(${x}px, ${y}px)`;
  };

  map.setMissingStyleImageResolver((id) => { if (id === "hatch") addHatch(map); });
  if (!touch) map.on("mousemove", (e) => show(e, at(e)));
  map.on("mouseout", () => { tip.hidden = true; light("", null); });
  map.on("movestart", () => { tip.hidden = true; });
  map.on("click", (e) => {
    const f = at(e);
    const href = ownPath(f?.properties["href"]);
    if (touch) show(e, f);
    else if (href) location.assign(href);
  });
  map.on("idle", () => { el.dataset["ready"] = "1"; });

  for (const row of document.querySelectorAll<HTMLElement>("[data-unit]"))
    for (const [event, id] of [["pointerenter", row.dataset["unit"]], ["focusin", row.dataset["unit"]], ["pointerleave", null], ["focusout", null]] as const)
      row.addEventListener(event, () => { if (map.getSource("units")) light("units", id); });

  onThemeChange(() => {
    map.setStyle(styleOf(el));
    if (map.hasImage("hatch")) map.removeImage("hatch");
  });
}

const el = document.getElementById("map");
if (el) start(el);
