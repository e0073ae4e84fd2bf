/* Lets the picture of a walk grow in place: fetches the page that a link or the form leads to and shows what it has, and
   the address follows. Arrow keys go from mark to mark. Without it each step is a page. */

"use strict";

(() => {
  const said = document.getElementById("explored-said");
  const grown = () => document.getElementById("explored");
  const shown = (mark) => mark.getClientRects().length > 0; // of the two drawings one is hidden
  const marks = () => [...grown().querySelectorAll(".mark")].filter(shown);
  let asking = null;

  /** Shows what is at an address. `after` is called with what to put the focus on. */
  async function show(address, isBack = false, focused = null) {
    asking?.abort();
    asking = new AbortController();
    grown().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("explored");
      if (!answer.ok || !next) return void location.assign(address); // what is wrong is said there
      const before = new Set(marks().map((mark) => mark.dataset.id));
      const [across, choices] = [grown().querySelector(".grown").scrollLeft, grown().querySelector(".choices").open];
      for (const part of [next, page.getElementById("explored-way")]) document.getElementById(part.id).replaceWith(document.importNode(part, true));
      // The last step of the way has the address as it is written everywhere, whatever a form made of it.
      if (!isBack) history.pushState(null, "", grown().querySelector(".way [aria-current]").getAttribute("href"));
      document.title = page.title;
      grown().querySelector(".choices").open ||= choices;
      said.textContent = grown().querySelector("[data-said]").textContent.replace(/\s+/g, " ").trim();
      const area = grown().querySelector(".grown");
      area.scrollLeft = across;
      const fresh = marks().filter((mark) => !before.has(mark.dataset.id));
      // What is new is shown, as far as it is to the right of what is there.
      const right = Math.max(0, ...fresh.map((mark) => mark.getBoundingClientRect().right)) - area.getBoundingClientRect().right;
      if (right > 0) area.scrollLeft += right;
      focused?.()?.focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }

  const markOf = (id) => () => marks().find((mark) => mark.dataset.id === id) ?? marks()[0];

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#explored .mark[data-id], #explored [data-way]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.getAttribute("href"), false, "id" in link.dataset ? markOf(link.dataset.id)
      : () => grown().querySelector(".way [aria-current]"));
  });

  function asked(form) {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    return `${form.getAttribute("action")}?${query}`;
  }
  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("#explored .predicates");
    if (form && target.type === "checkbox") show(asked(form), false, () => document.getElementById(target.id));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#explored .predicates")) return;
    event.preventDefault();
    show(asked(event.target), false, () => grown().querySelector(".predicates button"));
  });
  addEventListener("popstate", () => show(location.href, true));

  // ---- from mark to mark ----

  const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const mark = event.target.closest?.("#explored .mark"), way = KEYS[event.key];
    if (!mark || !way || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const middle = (one) => {
      const box = one.querySelector(".shape").getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const [x, y] = middle(mark);
    // The nearest that way; what is beside the way counts as far.
    const near = marks().map((one) => {
      const [a, b] = middle(one), along = (a - x) * way[0] + (b - y) * way[1];
      return { one, along, far: along + 3 * Math.abs((a - x) * way[1] + (b - y) * way[0]) };
    }).filter(({ along }) => along > 5).sort((one, other) => one.far - other.far)[0];
    if (!near) return;
    event.preventDefault();
    near.one.focus();
    near.one.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // ---- what is pointed at, and what it is joined to ----

  function point(mark) {
    const place = mark?.dataset.place;
    for (const line of grown().querySelectorAll("[data-ends]")) {
      line.classList.toggle("near", mark !== null && mark.ownerSVGElement.contains(line) && line.dataset.ends.split(" ").includes(place));
    }
  }
  for (const type of ["pointerover", "focusin"]) document.addEventListener(type, ({ target }) => {
    point(target.closest?.("#explored .mark") ?? null);
  });
})();
