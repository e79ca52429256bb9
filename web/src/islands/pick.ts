// Picks a point on a map: for settlements whose place is not certain, and for what happened where.
//
// Markup: <div class="map map-small" data-pick data-lat="lat" data-lon="lon" data-tiles=... data-bounds=...
//   data-candidates='[{"lat":43.3,"lon":68.2,"name":"..."}]' data-texts='{"zoom_in":...}'>
// beside two ordinary inputs with the ids given in data-lat and data-lon, which work without the map too.
import { Marker } from "maplibre-gl";
import { baseStyle, makeMap } from "common/basemap";
import { dataJson, onThemeChange } from "common/dom";

type Candidate = { lat: number; lon: number; name: string };

function input(el: HTMLElement, name: "lat" | "lon"): HTMLInputElement | null {
  const found = document.getElementById(el.dataset[name] ?? name);
  return found instanceof HTMLInputElement ? found : null;
}

function start(el: HTMLElement): void {
  const lat = input(el, "lat"), lon = input(el, "lon");
  if (!lat || !lon) return;
  const candidates = dataJson<Candidate[]>(el, "candidates", []);
  const map = makeMap(el, baseStyle(el));
  if (!map) return;
  const pin = document.createElement("div");
  pin.className = "map-pin";
  const marker = new Marker({ element: pin, draggable: true });

  const set = (y: number, x: number): void => {
    lat.value = y.toFixed(5);
    lon.value = x.toFixed(5);
    lat.dispatchEvent(new Event("input", { bubbles: true }));
    marker.setLngLat([x, y]).addTo(map);
  };
  const follow = (): void => {
    const y = parseFloat(lat.value.replace(",", ".")), x = parseFloat(lon.value.replace(",", "."));
    if (Math.abs(y) <= 85 && Math.abs(x) <= 180) {
      marker.setLngLat([x, y]).addTo(map);
      if (!map.getBounds().contains([x, y])) map.jumpTo({ center: [x, y] });
    } else {
      marker.remove();
    }
  };

  for (const c of candidates) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "map-candidate";
    b.textContent = c.name;
    b.addEventListener("click", (e) => { e.stopPropagation(); set(c.lat, c.lon); });
    new Marker({ element: b }).setLngLat([c.lon, c.lat]).addTo(map);
  }
  map.getCanvas().style.cursor = "crosshair";
  map.on("click", (e) => set(e.lngLat.lat, e.lngLat.lng));
  marker.on("dragend", () => { const p = marker.getLngLat(); set(p.lat, p.lng); });
  lat.addEventListener("change", follow);
  lon.addEventListener("change", follow);
  map.on("idle", () => { el.dataset["ready"] = "1"; });
  onThemeChange(() => map.setStyle(baseStyle(el)));
  follow();
}

for (const el of document.querySelectorAll<HTMLElement>("[data-pick]")) start(el);
