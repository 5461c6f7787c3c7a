// The bell: asks for calls every two seconds, shows them, and rings until somebody has answered.
"use strict";

(() => {
  let place = document.querySelector("[data-bell]");
  const button = document.querySelector("[data-bell-button]");
  if (!place || !button) return;

  const notice = document.querySelector("[data-bell-notice]");
  const title = document.title;
  const sounds = { plain: new Audio(button.dataset.plain), urgent: new Audio(button.dataset.urgent) };
  const once = new Audio(button.dataset.plain);
  for (const sound of Object.values(sounds)) {
    sound.loop = true;
    sound.preload = "auto";
  }
  let on = remembered() === "on";
  let blocked = false; // The browser wants a click on this page before it lets it sound.
  let asking = false;
  let missed = 0;
  let over = false;

  function remembered() {
    try {
      return localStorage.getItem("bell");
    } catch {
      return null;
    }
  }

  function remember() {
    try {
      localStorage.setItem("bell", on ? "on" : "off");
    } catch {
      // A browser that keeps nothing: it is asked for again on the next page.
    }
  }

  async function sounded(sound) {
    try {
      await sound.play();
      return true;
    } catch (error) {
      return error.name !== "NotAllowedError";
    }
  }

  function silence(sound) {
    sound.pause();
    sound.currentTime = 0;
  }

  async function ring() {
    const wanted = on && !over ? place.dataset.ring : "";
    for (const [name, sound] of Object.entries(sounds)) {
      if (name !== wanted && !sound.paused) silence(sound);
    }
    if (wanted && sounds[wanted].paused) blocked = !(await sounded(sounds[wanted]));
    show();
  }

  function show() {
    const state = !on ? "off" : blocked ? "blocked" : "on";
    if (button.dataset.state !== state) {
      button.dataset.state = state;
      button.textContent = button.dataset[state];
      button.setAttribute("aria-pressed", String(state === "on"));
    }
    const waiting = Number(place.dataset.waiting);
    document.title = waiting ? `(${waiting}) ${place.dataset.title} · ${title}` : title;
  }

  function say(words) {
    if (notice.textContent !== words) notice.textContent = words;
    notice.hidden = !words;
  }

  async function look() {
    if (asking || over) return;
    asking = true;
    try {
      const answer = await fetch(place.dataset.refresh, {
        headers: { "X-Refresh": "1" },
        credentials: "same-origin",
        signal: AbortSignal.timeout(4000), // A line that hangs is as silent as one that is down.
      });
      if (answer.status === 401) {
        over = true;
        say(notice.dataset.over);
      } else if (answer.ok) {
        missed = 0;
        say("");
        put(new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild);
      } else {
        miss();
      }
    } catch {
      miss();
    }
    asking = false;
    ring();
  }

  function miss() {
    missed += 1;
    if (missed > 1) say(notice.dataset.lost);
  }

  function put(fresh) {
    // Only what is new: a screen reader hears a call once, and a finger finds the button where it was.
    if (!fresh || fresh.outerHTML === place.outerHTML) return;
    const form = place.contains(document.activeElement) ? document.activeElement.closest("form") : null;
    const action = form && form.getAttribute("action");
    place.replaceWith(fresh);
    place = fresh;
    const again = action && Array.from(place.querySelectorAll("form")).find((each) => each.getAttribute("action") === action);
    if (again) again.querySelector("button").focus();
  }

  button.addEventListener("click", async () => {
    on = !on || blocked;
    remember();
    if (on) {
      blocked = !(await sounded(once));
      // Some browsers want every sound begun under the same finger.
      for (const sound of Object.values(sounds)) {
        if (sound.paused && (await sounded(sound))) silence(sound);
      }
    } else {
      silence(once);
    }
    ring();
  });

  // A reply that is being written in another part of the page must not go when somebody says that they are coming.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest("[data-bell]")) return;
    event.preventDefault();
    try {
      await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Refresh": "1" },
        credentials: "same-origin",
      });
      look();
    } catch {
      form.submit();
    }
  });

  async function begin() {
    button.hidden = false;
    if (on) {
      // Without a sound, to learn whether the browser would let one out.
      once.volume = 0;
      blocked = !(await sounded(once));
      silence(once);
      once.volume = 1;
    }
    ring();
  }

  try {
    new Worker(button.dataset.tick).onmessage = look;
  } catch {
    setInterval(look, 2000);
  }
  begin();
})();
