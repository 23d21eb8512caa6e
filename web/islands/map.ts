// The moving map: the same districts and sites as the drawing it takes the place of.
//
// Its style is its own, so nothing is fetched from anywhere but this server: no tiles, no glyphs.

import { AttributionControl, Map as MovingMap, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import type {
  ExpressionSpecification,
  LngLatBoundsLike,
  MapLayerMouseEvent,
  StyleSpecification,
} from "maplibre-gl";

type Position = [longitude: number, latitude: number];

interface District {
  id: string;
  geometry: { type: "MultiPolygon"; coordinates: Position[][][] };
  properties: { name: string; level: string; worst_share: number | null };
}

interface Site {
  id: string;
  geometry: { type: "Point"; coordinates: Position };
  properties: { name: string; capacity_mg_per_day: number };
}

interface Way {
  id: string;
  geometry: { type: string; coordinates: Position | Position[] };
  properties: { route: number; vehicle: string; number: number };
}

interface Collection<F> {
  type: "FeatureCollection";
  features: F[];
}

const LEVELS = ["full", "high", "middle", "low", "none", "idle"];
const HUES = 8;
const LONGEST_WAIT_MS = 20_000;

/** Draw the map into an element; rejects where it cannot, so that the drawing may stay. */
export async function mount(element: HTMLElement): Promise<void> {
  setWorkerUrl(new URL("maplibre-worker.js", import.meta.url).href);
  const [districts, sites, ways] = await Promise.all([
    load<District>(element.dataset.districts),
    load<Site>(element.dataset.sites),
    element.dataset.rounds ? load<Way>(element.dataset.rounds) : undefined,
    loadStyles(element.dataset.style),
  ]);
  const map = new MovingMap({
    container: element,
    style: withWays(styleOf(districts, sites, ways !== undefined), ways),
    bounds: boundsOf(districts),
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    // A page that scrolls must not be caught by the map on its way.
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new AttributionControl({ compact: true }));
  map.getCanvas().setAttribute("aria-label", element.dataset.label ?? "");
  tellNames(map);
  followColours(map, ways !== undefined);
  await settled(map);
}

async function load<F>(address: string | undefined): Promise<Collection<F>> {
  const answer = await fetch(address ?? "");
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as Collection<F>;
}

function loadStyles(address: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address ?? "";
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`${address} did not load`));
    document.head.append(link);
  });
}

function settled(map: MovingMap): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the map took too long")), LONGEST_WAIT_MS);
    map.once("load", () => {
      clearTimeout(late);
      resolve();
    });
    map.once("error", ({ error }) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

function styleOf(districts: Collection<District>, sites: Collection<Site>, hasWays: boolean): StyleSpecification {
  const largest = Math.max(1, ...sites.features.map((site) => site.properties.capacity_mg_per_day));
  return {
    version: 8,
    sources: {
      // Ids are texts; MapLibre knows features by numbers, so it is told to number them itself.
      districts: { type: "geojson", data: withIds(districts) as never, generateId: true },
      sites: { type: "geojson", data: withIds(sites) as never, generateId: true },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--card") } },
      { id: "districts", type: "fill", source: "districts", paint: { "fill-color": fills(hasWays) as never } },
      {
        id: "borders",
        type: "line",
        source: "districts",
        paint: { "line-color": colour("--card"), "line-width": 1.5 },
      },
      {
        id: "sites",
        type: "circle",
        source: "sites",
        paint: {
          // The area of a disc stands for what the site can take a day, as in the drawing.
          "circle-radius": ["max", 5, ["*", 20, ["sqrt", ["/", ["get", "capacity_mg_per_day"], largest]]]],
          "circle-color": colour("--mark"),
          "circle-opacity": 0.72,
          "circle-stroke-color": colour("--card"),
          "circle-stroke-width": 1.5,
        },
      },
    ],
  };
}

/** The rounds of a day below the sites: a line for each load, in the colour of its vehicle. */
function withWays(style: StyleSpecification, ways: Collection<Way> | undefined): StyleSpecification {
  if (ways === undefined) return style;
  const lines = ways.features.filter((way) => way.geometry.type === "LineString");
  const layer = {
    id: "ways",
    type: "line" as const,
    source: "ways",
    paint: { "line-color": hues() as never, "line-width": 3, "line-opacity": 0.8 },
  };
  const below = style.layers.findIndex(({ id }) => id === "sites");
  return {
    ...style,
    sources: {
      ...style.sources,
      ways: { type: "geojson", data: withIds({ ...ways, features: lines }) as never, generateId: true },
    },
    layers: [...style.layers.slice(0, below), layer, ...style.layers.slice(below)],
  };
}

function hues(): ExpressionSpecification {
  const colours = Array.from({ length: HUES }, (_, hue) => [hue, colour(`--hue-${hue}`)]).flat();
  const hue = ["%", ["-", ["get", "route"], 1], HUES];
  return ["match", hue, ...colours, colour("--ink")] as unknown as ExpressionSpecification;
}

function withIds<F extends { id: string; properties: object }>(collection: Collection<F>) {
  const features = collection.features.map((feature) => ({
    ...feature,
    properties: { ...feature.properties, place: feature.id },
  }));
  return { ...collection, features };
}

function fills(hasWays: boolean): ExpressionSpecification | string {
  // Below the lines of vehicles, districts are quiet.
  if (hasWays) return colour("--idle");
  const [first, ...others] = LEVELS.map((level) => [level, colour(`--${level}`)] as const);
  return ["match", ["get", "level"], ...first!, ...others.flat(), colour("--idle")];
}

/** A colour of the page's own style, so that light and dark hold here too. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function followColours(map: MovingMap, hasWays: boolean): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    map.setPaintProperty("ground", "background-color", colour("--card"));
    map.setPaintProperty("districts", "fill-color", fills(hasWays));
    if (hasWays) map.setPaintProperty("ways", "line-color", hues());
    map.setPaintProperty("borders", "line-color", colour("--card"));
    map.setPaintProperty("sites", "circle-color", colour("--mark"));
    map.setPaintProperty("sites", "circle-stroke-color", colour("--card"));
  });
}

function boundsOf(districts: Collection<District>): LngLatBoundsLike {
  const corners = districts.features.flatMap((district) => district.geometry.coordinates.flat(2));
  const [west, south, east, north] = corners.reduce(
    ([west, south, east, north], [longitude, latitude]) => [
      Math.min(west, longitude),
      Math.min(south, latitude),
      Math.max(east, longitude),
      Math.max(north, latitude),
    ],
    [180, 90, -180, -90],
  );
  return [west, south, east, north];
}

/** A share in percent, never rounded up to all: what the colour says must be said in words too. */
function served(share: number | null | undefined): string {
  return share === null || share === undefined ? "" : `: ${Math.floor(share * 1000) / 10}%`;
}

/** Name what the pointer is on, and open its page on a click. Names are set as text, never markup. */
function tellNames(map: MovingMap): void {
  const popup = new Popup({ closeButton: false, closeOnClick: false, className: "tip" });
  for (const [layer, kind] of [["districts", "districts"], ["sites", "sites"]] as const) {
    map.on("mousemove", layer, (event: MapLayerMouseEvent) => {
      const [topmost] = map.queryRenderedFeatures(event.point, { layers: ["sites", "districts"] });
      const named = topmost?.properties as { name: string; worst_share?: number | null } | undefined;
      if (named === undefined) return;
      map.getCanvas().style.cursor = "pointer";
      popup.setLngLat(event.lngLat).setText(named.name + served(named.worst_share)).addTo(map);
    });
    map.on("mouseleave", layer, () => {
      map.getCanvas().style.cursor = "";
      popup.remove();
    });
    map.on("click", layer, (event: MapLayerMouseEvent) => {
      const [topmost] = map.queryRenderedFeatures(event.point, { layers: ["sites", "districts"] });
      if (topmost?.layer.id !== layer) return;
      location.assign(`/${kind}/${encodeURIComponent(String(topmost.properties.place))}${location.search}`);
    });
  }
}
