// What waits on this phone: forms that are filled in and not yet known to be in the record.
//
// They lie in the browser's own database, which survives a closed browser. Nothing in it opens
// anything: no session, no seal, only what somebody filled in and under which pseudonym.

export type State = "waiting" | "signed out" | "refused" | "sent";

export interface Told {
  what: string;
  why: string;
  remedy: string;
}

export interface Waiting {
  // The number that the form came with; the same form again is the same entry here.
  id: string;
  action: string;
  fields: Record<string, string>;
  state: State;
  kept_at_ms: number;
  told?: Told;
  // Of one that was sent: the lot's page, and whether the record had it before.
  page?: string;
  again?: boolean;
}

const STORE = "forms";
// What was sent stays in view for a day, so that somebody sees that it was.
const SHOWN_MS = 86_400_000;

// Pages and the worker tell each other that something changed; nobody hears what they tell themselves.
const changes = new BroadcastChannel("bioloom-forms");

/** Be told when another page, or the worker, changed what waits. */
export function onChange(listen: () => void): void {
  changes.addEventListener("message", listen);
}

export async function keep(form: Waiting): Promise<void> {
  await ask("readwrite", (store) => store.put(form));
  changes.postMessage(form.id);
}

export async function drop(id: string): Promise<void> {
  await ask("readwrite", (store) => store.delete(id));
  changes.postMessage(id);
}

export async function find(id: string): Promise<Waiting | undefined> {
  return (await ask("readonly", (store) => store.get(id))) as Waiting | undefined;
}

/** All that is kept, in the order in which it was filled in. */
export async function all(): Promise<Waiting[]> {
  const kept = (await ask("readonly", (store) => store.getAll())) as Waiting[];
  const old = kept.filter((form) => form.state === "sent" && Date.now() - form.kept_at_ms > SHOWN_MS);
  for (const form of old) await drop(form.id);
  return kept.filter((form) => !old.includes(form)).sort((a, b) => a.kept_at_ms - b.kept_at_ms);
}

async function ask(mode: IDBTransactionMode, question: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const request = question(transaction.objectStore(STORE));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const opening = indexedDB.open("bioloom", 1);
  return new Promise((resolve, reject) => {
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}
