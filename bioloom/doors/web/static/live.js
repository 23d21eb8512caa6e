// Keeps an open page up to date. The server tells where the record ends (/stream). A part marked
// data-live="ADDRESS", with an id, is fetched anew from there, or from the page's own address if
// none is named; a page that marks nothing says that there is something new.
// Only a page that is looked at keeps a connection: browsers have few for one server.

const line = document.getElementById("as-of");
const news = document.getElementById("news");
// A thousand pages that hear of the same change do not all ask at once.
const SPREAD_MS = 1000;
// Nor does one page ask more often than this, however fast the record goes on.
const PAUSE_MS = 5000;

const first = Number(line.dataset.seq);
let shown = first;
let newest = first;
let source = null;
let waiting = null;

function listen() {
  if (source !== null || document.hidden) return;
  source = new EventSource(`/stream?after=${newest}`);
  source.addEventListener("head", (event) => {
    newest = JSON.parse(event.data).seq;
    if (newest !== shown && waiting === null) {
      waiting = setTimeout(renew, Math.random() * SPREAD_MS);
    }
  });
}

function rest() {
  source?.close();
  source = null;
}

async function renew() {
  const marked = [...document.querySelectorAll("[data-live][id]")];
  const aim = newest;
  try {
    const places = new Set(marked.map((part) => part.dataset.live || location.href));
    const answers = await Promise.all([...places].map(read));
    for (const part of marked) replace(part, answers);
    if (marked.length === 0) announce();
  } catch (failure) {
    announce();
    console.warn("live:", failure);
  }
  shown = aim;
  waiting = setTimeout(() => {
    waiting = null;
    if (newest !== shown) renew();
  }, PAUSE_MS);
}

async function read(place) {
  const answer = await fetch(place, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(`${place}: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function replace(part, answers) {
  // What somebody is using stays under their hands.
  if (part.contains(document.activeElement)) return announce();
  const fresh = answers.map((answer) => answer.getElementById(part.id)).find(Boolean);
  if (fresh && fresh.outerHTML !== part.outerHTML) part.replaceWith(document.adoptNode(fresh));
}

function announce() {
  const count = newest - first;
  const words = count === 1 ? news.dataset.one : news.dataset.many.replace("#", count);
  news.querySelector("span").textContent = count > 0 ? words : news.dataset.other;
  news.hidden = false;
}

news.querySelector("button").addEventListener("click", () => location.reload());
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
addEventListener("pagehide", rest);
addEventListener("pageshow", listen);
listen();
