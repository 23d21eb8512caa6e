// The worker between the page and the network: it answers where there is none.
//
// The pages for a hand and a thumb are kept as they were at the last visit, without anything that is
// good for one session; any other page is fetched, or the queue is shown in its stead.

import { send } from "./sending";

// The server writes this line in front of the script.
declare const KEPT: { version: string; assets: string[] };

interface Extendable extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const scope = self as unknown as Scope;
const CACHE = `bioloom-${KEPT.version}`;
const PAGES = ["/give", "/take-in", "/scan", "/queue"];
const PATIENCE_MS = 8_000;

scope.addEventListener("install", (event) => (event as Extendable).waitUntil(install()));
scope.addEventListener("activate", (event) => (event as Extendable).waitUntil(activate()));
scope.addEventListener("sync", (event) => (event as Extendable).waitUntil(send()));
scope.addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const { method, mode, url } = fetching.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") fetching.respondWith(visited(fetching, pathname, search));
  else if (pathname.startsWith("/static/")) fetching.respondWith(kept(fetching.request));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.assets);
  await keepPages("");
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await scope.clients.claim();
}

async function visited(fetching: Fetching, path: string, search: string): Promise<Response> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  try {
    const answer = await Promise.race([fetch(fetching.request), late]);
    if (PAGES.includes(path) && answer.ok) fetching.waitUntil(keepPages(search));
    return answer;
  } catch (unreached) {
    const standIn = PAGES.includes(path) ? path : path === "/l" || path.startsWith("/l/") ? "/scan" : "/queue";
    const page = await caches.match(standIn);
    if (page === undefined) throw unreached;
    return page;
  }
}

/** Keep the pages anew, in the language of the last visit; what cannot be had stays as it was. */
async function keepPages(search: string): Promise<void> {
  const lang = new URLSearchParams(search).get("lang");
  const cache = await caches.open(CACHE);
  for (const path of PAGES) {
    try {
      const page = await fetch(`${path}?kept=1${lang === null ? "" : `&lang=${encodeURIComponent(lang)}`}`);
      if (page.ok && !page.redirected) await cache.put(path, page);
    } catch {
      return;
    }
  }
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
