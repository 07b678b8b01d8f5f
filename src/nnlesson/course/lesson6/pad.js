// The drawing pad of lesson 6. Mouse, pen, finger or arrow keys put ink on a canvas; after each
// stroke Python receives the whole picture, one byte a pixel: 0 is paper, 255 is ink.

const KEY_STEP = 10; // pixels that an arrow key moves the pen; with Shift 3
const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

function render({ model, el }) {
  const size = model.get("size");
  const place = document.createElement("div");
  const side = size + 2; // with the border
  place.style.cssText = `position: relative; width: ${side}px; height: ${side}px;`;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", model.get("label"));
  // JupyterLab would take the arrow keys to move between cells.
  canvas.dataset.lmSuppressShortcuts = "true";
  // touch-action: a finger draws and does not scroll the page.
  canvas.style.cssText =
    "background: white; border: 1px solid #8C8C8C; touch-action: none; cursor: crosshair;" +
    "box-sizing: content-box; display: block;";
  const cursor = document.createElement("div");
  cursor.setAttribute("aria-hidden", "true");
  const state = document.createElement("div");
  state.setAttribute("role", "status");
  state.style.cssText = "min-height: 1.4em; font-size: 90%;";
  place.append(canvas, cursor);
  el.append(place, state);

  const ink = canvas.getContext("2d", { willReadFrequently: true });
  ink.lineCap = ink.lineJoin = "round";
  ink.lineWidth = model.get("pen");
  ink.strokeStyle = "black"; // only how opaque a pixel is counts

  function line(from, to) {
    ink.beginPath();
    ink.moveTo(from[0], from[1]);
    ink.lineTo(to[0], to[1]);
    ink.stroke();
  }

  let sending = false;
  function send() {
    const rgba = ink.getImageData(0, 0, size, size).data;
    const bytes = new Uint8Array(size * size);
    for (let i = 0; i < bytes.length; i++) bytes[i] = rgba[4 * i + 3];
    sending = true;
    model.set("pixels", new DataView(bytes.buffer));
    model.save_changes();
    sending = false;
  }

  function receive() {
    if (sending) return;
    const pixels = model.get("pixels");
    const image = ink.createImageData(size, size);
    if (pixels && pixels.byteLength === size * size)
      for (let i = 0; i < size * size; i++) image.data[4 * i + 3] = pixels.getUint8(i);
    ink.putImageData(image, 0, 0);
  }
  receive();
  model.on("change:pixels", receive);

  // ---- mouse, pen and touch ----

  let last = null;
  function spot(event) {
    const box = canvas.getBoundingClientRect();
    const scale = size / (box.width - 2); // the page may be zoomed; 2: the border
    return [(event.clientX - box.left - 1) * scale, (event.clientY - box.top - 1) * scale];
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    byKeys = false;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    setPen(false);
    last = spot(event);
    line(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const next = spot(each);
      line(last, next);
      last = next;
    }
  });
  function finish(event) {
    if (!last || !event.isPrimary) return;
    last = null;
    send();
  }
  canvas.addEventListener("pointerup", finish);
  canvas.addEventListener("pointercancel", finish);

  // ---- keyboard ----

  let at = [size / 2, size / 2];
  let penDown = false;
  let byKeys = true; // who draws with the mouse needs no second cursor
  let unsent = false;
  function showCursor() {
    const pen = model.get("pen");
    const seen = byKeys && document.activeElement === canvas;
    cursor.style.cssText =
      `position: absolute; pointer-events: none; box-sizing: border-box; border-radius: 50%;` +
      `width: ${pen}px; height: ${pen}px; left: ${at[0] - pen / 2 + 1}px;` +
      `top: ${at[1] - pen / 2 + 1}px; border: 3px solid ${penDown ? "#D55E00" : "#0072B2"};` +
      `display: ${seen ? "block" : "none"};`;
  }
  function setPen(down) {
    if (down !== penDown) state.textContent = down ? "The pen is down." : "The pen is up.";
    penDown = down;
    showCursor();
  }
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    byKeys = true;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? 3 : KEY_STEP;
      const next = at.map((a, i) => Math.min(size, Math.max(0, a + step * arrow[i])));
      if (penDown) {
        line(at, next);
        unsent = true;
      }
      at = next;
      showCursor();
    } else if (event.key === " ") {
      setPen(!penDown);
      if (penDown) {
        line(at, at);
        unsent = true;
      }
    } else if (event.key === "Delete" || event.key === "Backspace") {
      setPen(false);
      ink.clearRect(0, 0, size, size);
      state.textContent = "The paper is empty.";
      send();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  function keysUp() {
    if (unsent) send();
    unsent = false;
  }
  canvas.addEventListener("keyup", keysUp);
  canvas.addEventListener("focus", showCursor);
  canvas.addEventListener("blur", () => {
    setPen(false);
    keysUp();
    byKeys = true; // until the next click: Tab may come back
    cursor.style.display = "none";
  });

  return () => model.off("change:pixels", receive);
}

export default { render };
