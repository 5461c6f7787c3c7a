// The pages work without this. With it, what changes by itself is fetched again: the list, an arriving sound.
"use strict";

function keepsStill(place) {
  // Not under somebody's hands or ears: a field that is being typed in, a sound that is playing.
  if (place.contains(document.activeElement) && document.activeElement.matches("input, textarea, button")) return true;
  return Array.from(place.querySelectorAll("audio")).some((audio) => !audio.paused);
}

async function refresh(place) {
  if (!document.hidden && !keepsStill(place)) {
    try {
      const answer = await fetch(place.dataset.refresh, { headers: { "X-Refresh": "1" }, credentials: "same-origin" });
      if (answer.status === 401) {
        location.reload();
        return;
      }
      if (answer.ok && !keepsStill(place)) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
        const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        place.replaceWith(fresh);
        place = fresh;
        if (focused) {
          const again = Array.from(place.querySelectorAll("a")).find((link) => link.getAttribute("href") === focused);
          if (again) again.focus();
        }
      }
    } catch {
      // No network for a moment: the next round asks again.
    }
  }
  if (place.dataset.refresh) watch(place);
}

function watch(place) {
  setTimeout(() => refresh(place), Number(place.dataset.seconds) * 1000);
}

// Calls are the bell's to ask for.
document.querySelectorAll("[data-refresh]:not([data-bell])").forEach(watch);
