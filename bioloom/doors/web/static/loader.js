// Loads the moving map when somebody asks for it. The drawing stays until the map is there.

for (const button of document.querySelectorAll("button[data-opens]")) {
  const figure = document.getElementById(button.dataset.opens);
  const island = figure.querySelector("[data-island]");
  if (!island.dataset.island) continue;
  button.hidden = false;
  button.addEventListener("click", () => open(button, figure, island), { once: true });
}

async function open(button, figure, island) {
  button.disabled = true;
  const drawing = figure.querySelector(".drawing");
  try {
    const { mount } = await import(island.dataset.island);
    island.hidden = false;
    await mount(island);
    drawing.remove();
    // What the note says of the drawing alone goes with it.
    for (const words of figure.querySelectorAll("[data-drawing]")) words.remove();
    button.remove();
    island.querySelector("canvas").focus();
  } catch (failure) {
    island.remove();
    button.replaceWith(Object.assign(document.createElement("p"), { className: "note", textContent: island.dataset.failed }));
    console.warn("map:", failure);
  }
}
