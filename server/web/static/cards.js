/* Shows the card of an entity while a link to it is pointed at or has the focus, as WCAG 2.2 wants it (1.4.13, Content
   on Hover or Focus). A finger opens none: it goes where it points. Without this script links are links. */

"use strict";

(() => {
  const PAUSE = 300; // milliseconds on a link, after which it counts as hovered and not just passed
  const GRACE = 300; // milliseconds for the way to the card, if it is not the straight one
  const LINK = "a.entity:not([data-described] a)"; // such a list shows the same as a card would
  const GAP = 6; // pixels between a link and its card; the style sheet lets the pointer cross them
  const EDGE = 8; // pixels that stay free at the sides of the window

  const cards = new Map(); // by the path of an entity, the promise of its card: each is asked for once
  const box = document.createElement("div");
  box.id = "entity-card";
  box.setAttribute("role", "tooltip");

  let pointed = null; // the link that the pointer is on, or on whose card it is
  let pointer = 0; // where it is, from the left
  let focused = null; // the link that has the focus by keyboard, until Escape
  let wanted = null; // the link whose card is to be shown
  let shown = null; // the link whose card is shown
  let timer = 0;

  function card(path) {
    async function asked() {
      const answer = await fetch(globalThis.staticSite?.cardOf(path) ?? `${path}/card`);
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main") : null;
    }
    if (!cards.has(path)) cards.set(path, asked().catch(() => void cards.delete(path)));
    return cards.get(path);
  }

  function want(link) {
    clearTimeout(timer);
    wanted = link;
    if (link !== shown && switches.isOn("cards")) timer = setTimeout(open, PAUSE, link);
  }

  async function open(link) {
    const content = await card(link.pathname);
    if (!content || wanted !== link || !link.isConnected) return; // none, or it comes too late
    hide();
    shown = link;
    box.replaceChildren(...document.importNode(content, true).childNodes);
    link.setAttribute("aria-describedby", box.id);
    document.querySelector("main").append(box);
    place();
  }

  /** Puts the card below its link, or above where there is no space below; near the pointer, as a link may be long.
      Where there is no space at all it is shortened. */
  function place() {
    const page = document.documentElement, link = shown.getBoundingClientRect();
    const [above, below] = [link.top - GAP, page.clientHeight - link.bottom - GAP];
    box.classList.remove("short");
    box.classList.toggle("short", box.offsetHeight > Math.max(above, below));
    const { width, height } = box.getBoundingClientRect();
    const left = shown === pointed ? Math.max(link.left, pointer - 100) : link.left;
    box.style.left = `${scrollX + Math.max(Math.min(left, page.clientWidth - width - EDGE), EDGE)}px`;
    box.style.top = `${scrollY + (height > below && height <= above ? above - height : link.bottom + GAP)}px`;
  }

  function hide() {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.remove();
  }

  function close() {
    clearTimeout(timer);
    wanted = null;
    hide();
  }

  function pointAt(link) {
    if (link === pointed) return;
    pointed = link;
    if (link ?? focused) return want(link ?? focused);
    clearTimeout(timer);
    wanted = null;
    timer = setTimeout(close, GRACE);
  }

  // Moves count and not what merely comes to lie under the pointer when someone scrolls by keyboard.
  document.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return; // with a button down text is selected, also of a card
    pointer = event.clientX;
    const link = box.contains(event.target) ? shown : event.target.closest(LINK);
    pointAt(link?.origin === location.origin ? link : null);
  });
  document.documentElement.addEventListener("pointerleave", () => pointAt(null));

  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(LINK) || !target.matches(":focus-visible") || target.origin !== location.origin) return;
    focused = target;
    want(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target !== focused) return;
    focused = null;
    if (!shown || shown !== pointed) close();
  });

  // What lies on top goes first: the key then does nothing else.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !wanted) return;
    if (shown) {
      event.preventDefault();
      event.stopPropagation();
    }
    focused = null;
    close();
  }, { capture: true });

  addEventListener("resize", () => { if (shown) place(); });
  addEventListener("pagehide", () => { // who comes back finds no card left open
    pointed = focused = null;
    close();
  });
})();
