// The queue: a form goes into the phone first and then to the server, so that neither a dead network
// nor a closed browser loses it. Without this script the forms are sent as forms always were.

import { labelByChance } from "./labels";
import { send } from "./sending";
import { all, drop, find, keep, onChange, type Waiting } from "./waiting";

interface Syncing {
  sync?: { register(tag: string): Promise<void> };
}

const AGAIN_MS = 20_000;
let trying = false;

for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const section = document.getElementById("queue");

if (section !== null && "locks" in navigator && "indexedDB" in window) {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-queue]")) await begin(form);
  section.querySelector("[data-send-now]")?.addEventListener("click", () => void sendAndShow());
  addEventListener("online", () => void sendAndShow());
  onChange(() => void show());
  setInterval(() => void sendWhatWaits(), AGAIN_MS);
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/worker.js");
  await show();
  await sendWhatWaits();
}

async function begin(form: HTMLFormElement): Promise<void> {
  const query = new URLSearchParams(location.search);
  const mended = await find(query.get("mend") ?? "");
  const fields = mended?.fields ?? { label: query.get("label") ?? "" };
  for (const [name, value] of Object.entries(fields)) fill(form, name, value);
  // A copy that was kept for when there is no network has no number, as it is used many times.
  if (text(form, "number") === "") fill(form, "number", labelByChance());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(form);
  });
}

async function submit(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (button === null || button.disabled) return;
  button.disabled = true;
  try {
    const kept = filledIn(form);
    await keep(kept);
    void sendInBackground();
    await send();
    await afterwards(form, await find(kept.id));
  } catch (failure) {
    // A browser that keeps nothing, as in a private window, still sends.
    console.warn("queue:", failure);
    form.submit();
  } finally {
    button.disabled = false;
  }
}

async function afterwards(form: HTMLFormElement, kept: Waiting | undefined): Promise<void> {
  if (kept?.state === "sent" && kept.page !== undefined) {
    location.assign(kept.page);
    return;
  }
  if (kept?.state === "refused" && kept.told !== undefined) {
    // It is on the screen to be mended, so it need not wait in the queue as well.
    await drop(kept.id);
    tell(kept.told);
    return;
  }
  form.reset();
  fill(form, "number", labelByChance());
  tell(undefined);
  await show();
  section?.scrollIntoView({ block: "start" });
}

function filledIn(form: HTMLFormElement): Waiting {
  const fields: Record<string, string> = {};
  // The seal is good for one session only; whoever sends asks for one of theirs.
  for (const [name, value] of new FormData(form)) if (name !== "seal" && typeof value === "string") fields[name] = value;
  fields["filled_at"] = new Date().toISOString();
  const action = new URL(form.action).pathname;
  return { id: fields["number"] ?? "", action, fields, state: "waiting", kept_at_ms: Date.now() };
}

function tell(told: Waiting["told"]): void {
  const place = document.querySelector<HTMLElement>("[data-refused]");
  if (place === null) return;
  place.hidden = told === undefined;
  for (const part of ["what", "why", "remedy"] as const) {
    const line = place.querySelector(`[data-${part}]`);
    if (line !== null) line.textContent = told?.[part] ?? "";
  }
  if (told !== undefined) place.scrollIntoView({ block: "center" });
}

async function sendWhatWaits(): Promise<void> {
  // A dead line may hold a try up for longer than the time between two.
  if (trying) return;
  trying = true;
  try {
    await sendIfAnyWaits();
  } finally {
    trying = false;
  }
}

async function sendIfAnyWaits(): Promise<void> {
  if ((await all()).some((form) => form.state === "waiting" || form.state === "signed out")) await sendAndShow();
}

/** Where a browser can, it sends as soon as there is a network, with the page closed. */
async function sendInBackground(): Promise<void> {
  const worker = (await navigator.serviceWorker?.getRegistration()) as Syncing | undefined;
  // Some browsers ask nobody and refuse; the page sends by itself then.
  await worker?.sync?.register("send").catch(() => undefined);
}

async function sendAndShow(): Promise<void> {
  await send();
  await show();
}

async function show(): Promise<void> {
  if (section === null) return;
  const forms = await all();
  const open = forms.filter((form) => form.state !== "sent");
  section.hidden = forms.length === 0;
  for (const note of document.querySelectorAll<HTMLElement>("[data-empty]")) note.hidden = forms.length > 0;
  const count = section.querySelector("[data-count]");
  const words = open.length === 1 ? section.dataset["one"] : section.dataset["many"];
  if (count !== null) count.textContent = (words ?? "").replace("{count}", String(open.length));
  section.querySelector("[data-rows]")?.replaceChildren(...forms.map(row));
  const button = section.querySelector<HTMLElement>("[data-send-now]");
  if (button !== null) button.hidden = !open.some((form) => form.state !== "refused");
}

function row(form: Waiting): HTMLElement {
  const said = section?.dataset ?? {};
  const item = document.createElement("li");
  const what = form.action === "/give" ? said["give"] : said["takeIn"];
  const parts = [what, form.fields["count"], form.fields["unit_shown"], form.fields["label"]];
  item.append(line(parts.filter(Boolean).join(" · "), "what"));
  switch (form.state) {
    case "sent":
      item.append(line(`${said["sent"] ?? ""} ${form.again ? (said["again"] ?? "") : ""}`), link(form.page ?? "/", said["open"]));
      break;
    case "refused":
      item.append(
        line(`${form.told?.what ?? ""} ${form.told?.why ?? ""} ${form.told?.remedy ?? ""}`, "refused"),
        link(`${form.action}?mend=${encodeURIComponent(form.id)}`, said["mend"]),
        " ",
        dropping(form, said["drop"]),
      );
      break;
    case "signed out":
      item.append(link("/sign-in?next=/queue", said["signIn"]));
      break;
    case "waiting":
      item.append(line(said["offline"] ?? ""));
  }
  return item;
}

function line(words: string, name = ""): HTMLElement {
  return Object.assign(document.createElement("p"), { textContent: words, className: name });
}

function link(address: string, words = ""): HTMLElement {
  return Object.assign(document.createElement("a"), { href: address, textContent: words });
}

function dropping(form: Waiting, words = ""): HTMLElement {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "plain" });
  button.addEventListener("click", () => void drop(form.id).then(show));
  return button;
}

function text(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value : "";
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (value === "" || field === null || name === "filled_by") return;
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof RadioNodeList) field.value = value;
  const hiding = field instanceof HTMLElement ? field.closest("details") : null;
  if (hiding !== null) hiding.open = true;
}
