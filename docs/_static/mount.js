// Puts the live figures of a page in the place of their stills. A classic script, as the figures
// and their data are, so that a page also works when it is opened as a file, without a server.
"use strict";

/** What the scripts of a page bring: figures by name, their data, and the bytes in these. */
const nnlesson = { figures: {}, given: {}, bytes: {} };

(() => {
  /** Bytes as anywidget would hand them over; large ones have a script, and a key, of their own. */
  function unpacked({ $bytes: text }) {
    const packed = atob(nnlesson.bytes[text] ?? text);
    return new DataView(Uint8Array.from(packed, (c) => c.charCodeAt(0)).buffer);
  }

  function revived(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(revived);
    if ("$bytes" in value) return unpacked(value);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
  }

  /** The model of an anywidget without a kernel: it only remembers. */
  function memory(state) {
    return {
      get: (name) => state[name],
      set: (name, value) => { state[name] = value; },
      save_changes() {},
      on() {},
      off() {},
    };
  }

  function mount(place) {
    const { start, given } = revived(nnlesson.given[place.dataset.given]);
    const el = document.createElement("div");
    nnlesson.figures[place.dataset.figure].render({
      model: memory({ values: start, given, reached: [] }),
      el,
    });
    place.replaceChildren(el);
  }

  // Deferred scripts have all run by then.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-figure]").forEach(mount);
    // A column without a name: a screen reader shall not announce an empty header.
    for (const head of document.querySelectorAll("th"))
      if (!head.textContent.trim()) head.replaceWith(document.createElement("td"));
  });
})();
