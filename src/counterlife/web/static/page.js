// The page works without this file; with it sliders slide, progress moves by itself, figures are drawn, and a life is walked day by day.
// No words live here: they come with the page.

for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
document.querySelector("[data-focus]")?.focus();

// --- a file's text goes into the form; it leaves this page only when the form is sent

for (const file of document.querySelectorAll("input[data-into]")) {
  file.addEventListener("change", async () => {
    if (file.files.length) document.getElementById(file.dataset.into).value = await file.files[0].text();
  });
}

// --- sliders

const sliders = [...document.querySelectorAll("[data-slider]")].map((box) => {
  const [number, range] = box.querySelectorAll("input");
  const low = Number(box.dataset.low), high = Number(box.dataset.high), wide = "wide" in box.dataset;
  const at = (position) => {
    if (position === Number(box.dataset.position)) return box.dataset.stated;
    const value = wide ? low * (high / low) ** (position / 100) : low + (high - low) * (position / 100);
    return String("whole" in box.dataset ? Math.round(value) : Number(value.toPrecision(3)));
  };
  const position = (text) => {
    const value = Math.min(high, Math.max(low, Number(text)));
    if (Number.isNaN(value)) return null;
    return Math.round(100 * (wide ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)));
  };
  const show = () => {
    const place = number.value === box.dataset.stated ? Number(box.dataset.position) : position(number.value);
    if (place !== null && document.activeElement !== range) range.value = place;
    range.setAttribute("aria-valuetext", `${number.value} ${box.dataset.unit}`.trim());
    box.classList.toggle("changed", number.value.trim() !== box.dataset.stated);
  };
  range.addEventListener("input", () => { number.value = at(Number(range.value)); show(); count(); });
  number.addEventListener("input", () => { show(); count(); });
  if (number.value !== box.dataset.stated) box.closest("details").open = true;
  return { box, number, show };
});

function count() {
  const said = document.querySelector("[data-count]"), changed = sliders.filter((one) => one.box.classList.contains("changed")).length;
  if (!said) return;
  said.textContent = said.dataset.some.replace("#", changed);
  said.parentElement.hidden = !changed;
}

function refresh() {
  for (const one of sliders) one.show();
  count();
}

document.querySelector("form.design")?.addEventListener("reset", (event) => {
  event.preventDefault(); // back to what the scenario states, not to what was sent before
  for (const one of sliders) one.number.value = one.box.dataset.stated;
  refresh();
});
refresh();
addEventListener("pageshow", refresh); // a browser that goes back fills the fields in again

// --- progress

const watched = document.querySelector("[data-watch]");
if (watched) {
  const bar = watched.querySelector("progress"), said = watched.querySelector("[data-said]");
  const look = async () => {
    let wait = 500;
    try {
      const answer = await fetch(watched.dataset.watch);
      const state = answer.ok ? await answer.json() : { over: answer.status === 404 };
      if (state.over) return location.reload();
      if (answer.ok) {
        bar.max = state.total;
        bar.value = state.done;
        if (said.textContent !== state.said) said.textContent = state.said;
      }
    } catch {
      wait = 2000; // the program may be starting again
    }
    setTimeout(look, wait);
  };
  setTimeout(look, 300);
}

// --- a life, day by day

for (const walk of document.querySelectorAll("[data-walk]")) {
  const days = [...walk.querySelectorAll("[data-day]")], range = walk.querySelector("input[type=range]"), all = walk.querySelector("[data-all]");
  const place = walk.querySelector("[data-place]"), steps = [...walk.querySelectorAll("[data-step]")];
  const show = () => {
    const here = Number(range.value);
    days.forEach((day, number) => { day.hidden = !all.checked && number !== here; });
    place.textContent = walk.dataset.position.replace("##", days.length).replace("#", here + 1);
    place.hidden = all.checked;
    range.setAttribute("aria-valuetext", days[here].getAttribute("aria-label"));
    for (const step of steps) step.setAttribute("aria-disabled", all.checked || !days[here + Number(step.dataset.step)]);
  };
  for (const step of steps) {
    step.addEventListener("click", () => { range.value = Number(range.value) + Number(step.dataset.step); show(); });
  }
  range.addEventListener("input", show);
  all.addEventListener("change", show);
  show();
}

// --- figures: drawn by Vega-Lite with its interpreter (`ast`), so that no text is ever run as code; its own styles are not allowed in

const figures = document.querySelectorAll("[data-figure]");
if (figures.length) {
  await import("/vega.js");
  for (const place of figures) {
    const answer = await fetch(place.dataset.figure);
    if (!answer.ok) continue;
    const frame = document.createElement("div");
    await window.vegaEmbed(frame, await answer.json(), { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, logLevel: 1 });
    place.replaceChildren(frame);
    place.dataset.drawn = "";
  }
}
