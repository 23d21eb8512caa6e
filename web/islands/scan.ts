// Scanning in the page: where the browser reads codes, its camera; and where the network is away,
// what can be done with a label all the same.

interface Code {
  rawValue: string;
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<Code[]>;
}
declare const BarcodeDetector: { new (options: { formats: string[] }): Detector };

const camera = document.getElementById("camera");
const LOOK_AGAIN_MS = 150;

if (camera !== null && "BarcodeDetector" in window && "mediaDevices" in navigator) {
  camera.hidden = false;
  camera.querySelector("[data-start]")?.addEventListener("click", () => void look(camera));
}
offerWithoutNetwork();

async function look(place: HTMLElement): Promise<void> {
  const video = place.querySelector("video");
  const status = place.querySelector("[role=status]");
  if (video === null || status === null) return;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    status.textContent = place.dataset["looking"] ?? "";
    const page = await found(new BarcodeDetector({ formats: ["qr_code"] }), video, () => {
      status.textContent = place.dataset["foreign"] ?? "";
    });
    for (const track of stream.getTracks()) track.stop();
    location.assign(page);
  } catch {
    video.hidden = true;
    status.textContent = place.dataset["denied"] ?? "";
  }
}

/** Look until a code of this city is seen; a code that leads elsewhere is never followed. */
async function found(detector: Detector, video: HTMLVideoElement, foreign: () => void): Promise<string> {
  for (;;) {
    for (const code of await detector.detect(video)) {
      const label = /^https?:\/\/([^/]+)(\/l\/[0-9A-Za-z-]{2,14})$/.exec(code.rawValue);
      if (label?.[2] !== undefined && label[1] === location.host) return label[2];
      foreign();
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function offerWithoutNetwork(): void {
  const asked = location.pathname.startsWith("/l/")
    ? decodeURIComponent(location.pathname.slice(3))
    : location.pathname === "/l" ? new URLSearchParams(location.search).get("number") : null;
  const offer = document.getElementById("unconnected");
  if (offer === null || asked === null) return;
  const field = document.querySelector<HTMLInputElement>("form[data-scan] input[name=number]");
  if (field !== null) field.value = asked;
  for (const link of offer.querySelectorAll<HTMLAnchorElement>("[data-deed]")) {
    link.href = `${new URL(link.href).pathname}?label=${encodeURIComponent(asked)}`;
  }
  offer.hidden = false;
  offer.scrollIntoView({ block: "center" });
}
