// Passkeys: asks the browser to make one, or to show one. Without it, people sign in by a link.
//
// A button names where to get the question and where to bring the answer. It stays hidden in a
// browser that has no passkeys, or none in the form that is read here.

const ceremonies = {
  make: async (question: PublicKeyCredentialCreationOptionsJSON) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) }),
  show: async (question: PublicKeyCredentialRequestOptionsJSON) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) }),
};

if (window.isSecureContext && "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => void hold(button));
  }
}

async function hold(button: HTMLButtonElement): Promise<void> {
  const { passkey, question, answer, go, failed } = button.dataset;
  const words = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  button.disabled = true;
  try {
    const asked = await (await post(button, question!, "{}")).json();
    const credential = await ceremonies[passkey as "make" | "show"](asked);
    if (credential === null) throw new Error(failed);
    await post(button, answer!, JSON.stringify((credential as PublicKeyCredential).toJSON()));
    location.assign(go!);
  } catch (failure) {
    if (words !== null) words.textContent = failure instanceof Refused ? failure.message : failed!;
    button.disabled = false;
  }
}

class Refused extends Error {}

async function post(button: HTMLButtonElement, address: string, body: string): Promise<Response> {
  const headers = { "content-type": "application/json", accept: "application/json", "x-bioloom-seal": button.dataset.seal ?? "" };
  // What is done sends on to a page, which is loaded only once the script is through.
  const answer = await fetch(address, { method: "POST", headers, body, redirect: "manual" });
  if (!answer.ok && answer.type !== "opaqueredirect") {
    const told = await answer.json();
    throw new Refused(`${told.what} ${told.remedy}`);
  }
  return answer;
}
