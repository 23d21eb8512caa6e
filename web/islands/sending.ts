// Sending what waits. The server knows every form by its number, so that sending one again, because
// the answer to the first time was lost, records nothing twice.

import { all, keep, type Told, type Waiting } from "./waiting";

const LONGEST_WAIT_MS = 15_000;

interface Visit {
  agent: string | null;
  seal: string;
}

/** Send all that waits, one after the other; returns when nothing more can be sent just now. */
export async function send(): Promise<void> {
  // A page and the worker may both begin. Whoever comes second waits: the first may be held up by a
  // dead line, and what it cannot send is still to be sent.
  await navigator.locks.request("bioloom-sending", sendAll);
}

async function sendAll(): Promise<void> {
  const forms = (await all()).filter((form) => form.state === "waiting" || form.state === "signed out");
  if (forms.length === 0) return;
  const visit = await reached<Visit>("/visit", { headers: { accept: "application/json" } });
  if (visit === undefined || visit.status !== 200) return;
  for (const form of forms) {
    const next = visit.body.agent === null ? "signed out" : await sent(form, visit.body.seal);
    if (next === undefined) return;
    await keep(typeof next === "string" ? { ...form, state: next } : next);
  }
}

/** A form as it stands after it was sent; nothing if that is not known. */
async function sent(form: Waiting, seal: string): Promise<Waiting | State | undefined> {
  const answer = await reached<Told & { page: string; again: boolean }>(form.action, {
    method: "POST",
    body: new URLSearchParams(form.fields),
    headers: { accept: "application/json", "x-bioloom-seal": seal },
  });
  if (answer === undefined || answer.status === 429 || answer.status >= 500) return undefined;
  const { what, why, remedy, page, again } = answer.body;
  if (answer.status === 200) return { ...form, state: "sent", page, again };
  if (answer.status === 401) return "signed out";
  return { ...form, state: "refused", told: { what, why, remedy } };
}

type State = Waiting["state"];

/** What the server answered; nothing where no whole answer came. */
async function reached<T>(path: string, init: RequestInit): Promise<{ status: number; body: T } | undefined> {
  try {
    const answer = await fetch(path, { ...init, signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
    return { status: answer.status, body: (await answer.json()) as T };
  } catch {
    return undefined;
  }
}
