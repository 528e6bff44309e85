// What every page of the console has: parts that stay up to date, buttons that ask for a change, and countdowns.
import { Idiomorph } from "/static/idiomorph.js";

const token = document.querySelector('meta[name="console-token"]').content;
const said = document.getElementById("said");
const trouble = document.getElementById("trouble");
const unanswered = new Set(); // the paths of changes that were asked for
const TWICE_MS = 500; // between two presses that are meant as one, as in the settings of common desktops
let stream, quiet;

/** Follow every part of the page that is live: one connection for all of them. */
export function follow() {
  stream?.close();
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;
  const asked = new URLSearchParams(parts.map((part) => ["part", part.dataset.live]));
  stream = new EventSource(`/live?${asked}`);
  for (const [number, part] of parts.entries()) {
    stream.addEventListener(`part-${number}`, ({ data }) => {
      if ("reload" in part.dataset) { location.reload(); return; }
      calm();
      morph(part, data);
    });
    stream.addEventListener(`news-${number}`, ({ data }) => {
      calm();
      part.dispatchEvent(new CustomEvent("news", { detail: JSON.parse(data), bubbles: true }));
    });
  }
  stream.addEventListener("fine", calm);
  stream.addEventListener("trouble", ({ data }) => alarm(data));
  stream.onerror = () => alarm("The console does not answer: it was stopped, or this page waits for a free connection. It is tried again.");
}

function alarm(sentence) {
  if (trouble.textContent !== sentence) trouble.textContent = sentence;
  trouble.hidden = false;
}

function calm() {
  trouble.hidden = true;
  trouble.textContent = "";
}

function morph(part, html) {
  const held = document.activeElement;
  Idiomorph.morph(part, html, {
    morphStyle: "innerHTML",
    ignoreActiveValue: Boolean(held?.matches("input, select")), // nobody is interrupted while typing
    callbacks: {
      beforeNodeMorphed: (old, fresh) => !(old.dataset && "keep" in old.dataset && old.id === fresh.id),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS"),
    },
  });
  // A button that is gone leaves a person who types nowhere.
  if (held && held !== document.body && !held.isConnected) {
    const main = document.getElementById("main");
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }
  tick();
}

export function say(sentence, refused = false) {
  said.textContent = sentence;
  said.classList.toggle("refused", refused);
  clearTimeout(quiet);
  quiet = setTimeout(() => { said.textContent = ""; }, 12000);
}

/** Ask for a change. What comes of it is said; an answer that is no sentence of ours is told as it is. */
export async function post(path, content = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Console-Token": token },
      body: JSON.stringify(content),
    });
    const text = await answer.text();
    let result;
    try { result = JSON.parse(text); } catch { result = { said: text }; }
    say(result.said ?? text, !answer.ok);
    return answer.ok ? result : null;
  } catch {
    say("The console does not answer: it was stopped.", true);
    return null;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-post]");
  if (!button) return;
  event.preventDefault();
  const form = button.closest("form");
  if (form && !form.reportValidity()) return;
  const path = button.dataset.post;
  if (event.detail > 1 || unanswered.has(path)) return; // the second half of a double click, or a key pressed twice
  unanswered.add(path);
  button.setAttribute("aria-busy", "true");
  const result = await post(path, form ? fields(form) : {});
  if (result?.go) { location.assign(result.go); return; } // the path stays in until the next page is there
  setTimeout(() => unanswered.delete(path), TWICE_MS);
  button.removeAttribute("aria-busy");
});
addEventListener("pageshow", ({ persisted }) => { if (persisted) unanswered.clear(); }); // somebody came back to this page

function fields(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) found[name] = value;
  return found;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("find" in form.dataset) {
    event.preventDefault();
    location.assign(`${form.action.replace(/\/find$/, "")}/${encodeURIComponent(form.elements.id.value.trim())}`);
  } else if (form.querySelector("[data-post]")) {
    event.preventDefault();
    buttonOf(form).click();
  }
});

/** Find the button that Enter in a field means: the one nearest to it, so that a reason rejects and does not accept. */
function buttonOf(form) {
  let near = form.contains(document.activeElement) ? document.activeElement : form;
  while (!near.querySelector("[data-post]")) near = near.parentElement;
  return near.querySelector("[data-post]");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash) location.hash = "#main";
});
addEventListener("hashchange", () => document.querySelector(location.hash || "#main")?.focus({ preventScroll: true }));

function tick() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const seconds = Math.round((new Date(place.dataset.until) - Date.now()) / 1000);
    const text = seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left` : "any moment now";
    if (place.textContent !== text) place.textContent = text;
  }
}
setInterval(tick, 1000);
follow();
