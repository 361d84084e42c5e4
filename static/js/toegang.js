"use strict";
// Moves the focus to the summary of errors, so that a screen reader starts there.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// Whether the page holds something that was typed or chosen and not yet sent.
function hasTyped() {
  const texts = document.querySelectorAll("main form :is(textarea, input:not([type=hidden]))");
  const changed = (x) => (x.matches("[type=checkbox], [type=radio]") ? x.checked !== x.defaultChecked : x.value !== x.defaultValue);
  return [...texts].some(changed);
}

// Warns before the session ends, and says so when it has ended. Moments are in milliseconds.
const SECOND = 1000;
const ASK_AGAIN = 15 * SECOND; // while the warning stands, work in another tab makes it go away

function watchSession(dialog) {
  const plainTitle = document.title;
  const ends = {};
  let shown = "";
  let told = false;
  let gone = false;
  let asking = false;
  let asked = 0;

  function learn(left) {
    ends.idle = Date.now() + Number(left.idle) * SECOND;
    ends.whole = Date.now() + Number(left.whole) * SECOND;
  }

  async function ask(method) {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    asking = true;
    asked = Date.now();
    try {
      const answer = await fetch(dialog.dataset.url, { method, headers, redirect: "manual" });
      if (answer.ok) learn(await answer.json());
      if (answer.status === 403) return ask("GET"); // signed in again in another tab: only the token is old
      if (answer.type === "opaqueredirect") {
        gone = true;
        learn({ idle: 0, whole: 0 });
      }
    } catch {
      // Without a connection the page goes by its own clock.
    }
    asking = false;
  }

  function show(part) {
    for (const each of dialog.querySelectorAll("[data-part]")) each.hidden = each.dataset.part !== part;
    dialog.setAttribute("aria-labelledby", `sessie-${part}`);
    dialog.setAttribute("aria-describedby", `sessie-${part}-tekst`);
    if (dialog.open) dialog.close();
    shown = part;
    fillIn();
    dialog.showModal();
    document.title = `${dialog.querySelector(`#sessie-${part}`).textContent} – ${plainTitle}`;
  }

  function hide() {
    shown = "";
    document.title = plainTitle;
    if (dialog.open) dialog.close();
  }

  function fillIn() {
    const minutes = Math.max(1, Math.ceil((ends.idle - Date.now()) / (60 * SECOND)));
    const words = minutes === 1 ? "1 minuut" : `${minutes} minuten`;
    for (const place of dialog.querySelectorAll("[data-minutes]")) {
      if (place.textContent !== words) place.textContent = words;
    }
    const clock = new Date(ends.whole).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
    dialog.querySelector("[data-clock]").textContent = clock;
  }

  async function look() {
    const warn = Number(dialog.dataset.warn) * SECOND;
    const left = () => Math.min(ends.idle, ends.whole) - Date.now();
    if (asking || left() > warn) return;
    if ((!shown && !told) || left() <= 0 || Date.now() - asked > ASK_AGAIN) await ask("GET");
    if (left() <= 0) {
      clearInterval(timer);
      show(hasTyped() ? (gone ? "gone" : "over") : "calm");
    } else if (left() > warn) {
      hide();
    } else if (ends.idle < ends.whole) {
      if (shown !== "idle") show("idle");
      fillIn();
    } else if (!told) {
      told = true;
      show("whole");
    }
  }

  async function stay() {
    await ask("POST");
    hide();
    look();
  }

  // The page has one primary button of its own; those of the warning become one when it can appear.
  for (const button of dialog.querySelectorAll("[data-kind]")) button.classList.add(`nl-button--${button.dataset.kind}`);
  learn(dialog.dataset);
  const timer = setInterval(look, SECOND);
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", hide);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Esc is the button of this part
    if (shown === "idle") stay();
    else hide();
  });
}

const session = document.querySelector("[data-session]");
if (session) watchSession(session);

// Single keys, only for who asked for them (WCAG 2.1.4): the list of keys is a dialog of the page.
function listenForKeys(list) {
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("input, textarea, select, [contenteditable]");
    if (busy || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      list.showModal();
    } else if (event.key === "/") {
      const field = document.querySelector("input[type=search], [data-search]");
      if (!field) return;
      field.focus();
      event.preventDefault();
    } else {
      const link = [...list.querySelectorAll("[data-key]")].find((x) => x.dataset.key === event.key);
      if (link && !hasTyped()) link.click();
    }
  });
}

const keys = document.querySelector("[data-shortcuts]");
if (keys) listenForKeys(keys);

// Leaves at once, for who must not be seen here: nothing stays on the page or signed in; Back shows nothing typed.
function watchLeave(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const end = new FormData();
    end.set("csrfmiddlewaretoken", link.parentElement.querySelector("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon(link.dataset.leave, end);
    document.title = "…";
    document.body.replaceChildren();
    location.replace(link.href);
  });
}

const wayOut = document.querySelector("[data-leave]");
if (wayOut) watchLeave(wayOut);

// A button that prints, for pages that are kept on paper.
const printButton = document.querySelector("[data-print]");
if (printButton) {
  printButton.hidden = false;
  printButton.addEventListener("click", () => window.print());
}
