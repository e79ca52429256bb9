// The base of every map: MapLibre with our own tiles and letters, coloured from the page's tokens.
//
// Tiles come from data-tiles, "/tiles/{layer}/{z}/{x}/{y}": `base` holds the sub-layers water,
// waterway, boundary (level: 1 region, 2 district) and place (name, level); nothing is asked from
// another host.
import { Map as MapView, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import type { LayerSpecification, LngLatBoundsLike, StyleSpecification } from "maplibre-gl";
import { colour, dataJson } from "common/dom";

declare const WORKER_FILE: string;
setWorkerUrl(new URL("./" + WORKER_FILE, import.meta.url).href);

export type Texts = Partial<Record<"zoom_in" | "zoom_out" | "protected" | "no_map" | "attention" | "open" | "map", string>>;

export const fonts = { plain: ["pt-sans"], bold: ["pt-sans-bold"] };

/** The address of a layer's tiles; workers need it whole. */
export function tilesOf(el: HTMLElement, layer: string): string {
  const template = el.dataset["tiles"] ?? "/tiles/{layer}/{z}/{x}/{y}";
  const query = layer === "base" ? "" : (el.dataset["query"] ?? "");
  const path = template.replace("{layer}", layer);
  return location.origin + path + (query ? (path.includes("?") ? "&" : "?") + query : "");
}

/** Width by zoom, in pixels. */
export function byZoom(...stops: [number, number][]): ["interpolate", ["linear"], ["zoom"], ...number[]] {
  return ["interpolate", ["linear"], ["zoom"], ...stops.flat()];
}

export function baseStyle(el: HTMLElement): StyleSpecification {
  const here = new URL(".", import.meta.url).href;
  const label = { "text-color": colour("ink-soft"), "text-halo-color": colour("map-halo"), "text-halo-width": 1.4 };
  return {
    version: 8,
    glyphs: here + "glyphs/{fontstack}/{range}.pbf",
    sources: {
      base: { type: "vector", tiles: [tilesOf(el, "base")], maxzoom: Number(el.dataset["maxzoom"] ?? 12) },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour("map-land") } },
      { id: "water", type: "fill", source: "base", "source-layer": "water", paint: { "fill-color": colour("map-water") } },
      {
        id: "waterway", type: "line", source: "base", "source-layer": "waterway",
        paint: { "line-color": colour("map-water"), "line-width": byZoom([5, 0.6], [9, 1.6], [13, 4]) },
      },
      {
        id: "boundary", type: "line", source: "base", "source-layer": "boundary",
        paint: {
          "line-color": colour("map-border"),
          "line-width": ["case", ["<=", ["coalesce", ["get", "level"], 2], 1], 1.8, 0.8],
        },
      },
      {
        id: "place", type: "symbol", source: "base", "source-layer": "place",
        layout: { "text-field": ["get", "name"], "text-font": fonts.plain, "text-size": 12, "text-max-width": 8 },
        paint: label,
      },
    ],
  };
}

/** Puts a map into el, or says why there is none. data-bounds is "west,south,east,north". */
export function makeMap(el: HTMLElement, style: StyleSpecification): MapView | null {
  const texts = dataJson<Texts>(el, "texts", {});
  const bounds = (el.dataset["bounds"] ?? "").split(",").map(Number);
  el.replaceChildren();
  try {
    const map = new MapView({
      container: el,
      style,
      bounds: bounds.length === 4 && bounds.every(Number.isFinite) ? (bounds as unknown as LngLatBoundsLike) : undefined,
      fitBoundsOptions: { padding: 16 },
      minZoom: 3,
      maxZoom: 16,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // else the map is empty on paper
      locale: {
        "NavigationControl.ZoomIn": texts.zoom_in ?? "+",
        "NavigationControl.ZoomOut": texts.zoom_out ?? "−",
        "Map.Title": texts.map ?? "",
        ...(document.documentElement.lang === "en" ? {} : { "ScaleControl.Meters": "м", "ScaleControl.Kilometers": "км" }),
      },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({}), "bottom-left");
    return map;
  } catch {
    // No WebGL: the table beside the map has the same data.
    const p = document.createElement("p");
    p.textContent = texts.no_map ?? "";
    el.replaceChildren(p);
    return null;
  }
}

/** Layers of a style from several lists, with labels on top. */
export function withLayers(style: StyleSpecification, below: LayerSpecification[], above: LayerSpecification[]): void {
  const water = style.layers.findIndex((l) => l.id === "boundary");
  style.layers.splice(water, 0, ...below);
  style.layers.push(...above);
}
