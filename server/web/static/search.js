/* Suggests entities while one types, by the pattern "combobox" of the ARIA Authoring Practices Guide (list autocomplete
   with manual selection), and lets the key / lead to the search. Without it the form works as any form does. */

"use strict";

(() => {
  const PAUSE = 80; // milliseconds without a key, after which it asks
  const SHOWN = 8;
  const MANY = 50; // of which those are shown that are of the right class
  const HOME = new URL("..", document.currentScript.src); // the site may be under a path of its host

  function element(name, attributes, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  // Only those of some classes, where an input says so.
  function ofClasses([typed, ...lists], classes) {
    const fits = lists[1].map((described) => classes.includes(described.split(" · ", 1)[0]));
    return [typed, ...lists.map((list) => list.filter((_, place) => fits[place]).slice(0, SHOWN))];
  }

  async function suggestions(typed, signal, limit) {
    if (globalThis.staticSite) return staticSite.suggest(typed); // a copy of the site without a server
    const answer = await fetch(new URL(`search/suggest?q=${encodeURIComponent(typed)}${limit ? `&limit=${limit}` : ""}`, HOME), { signal });
    return answer.ok ? answer.json() : null;
  }

  function suggesting(input) {
    const id = `${input.id}-suggestions`;
    const box = element("span", { class: "combo" });
    const list = element("ul", { id, role: "listbox", "aria-label": worded("Suggestions"), hidden: "" });
    const said = element("span", { class: "sr", "aria-live": "polite" });
    input.replaceWith(box);
    box.append(input, list, said);
    const state = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" };
    for (const [key, value] of Object.entries(state)) input.setAttribute(key, value);

    let active = -1;
    let timer = 0;
    let asking = null;

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      mark(-1);
      input.setAttribute("aria-expanded", "false");
      said.textContent = "";
    }

    function mark(place) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = place;
      const chosen = list.children[active];
      if (!chosen) return input.removeAttribute("aria-activedescendant");
      chosen.setAttribute("aria-selected", "true");
      chosen.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", chosen.id);
    }

    function show(names, descriptions, addresses) {
      list.replaceChildren(...names.map((name, place) => {
        const option = element("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" }, name);
        const [kind, label] = descriptions[place].split(" · ", 2);
        option.append(element("small", {}, label === name ? kind : descriptions[place]));
        // The class and the slug: this site is the one to stay on, whatever proxies made of its address on the way.
        option.dataset.path = new URL(addresses[place]).pathname.split("/").slice(-2).join("/");
        return option;
      }));
      mark(-1);
      list.hidden = !names.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      said.textContent = names.length ? worded("%(count)s suggestions, use the arrow keys", { count: names.length }) : worded("No suggestions");
    }

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking;
      const typed = input.value.trim();
      if (!typed) return close();
      try {
        const answer = await suggestions(typed, signal, input.dataset.classes ? MANY : 0);
        if (!answer) return close();
        const [, ...found] = input.dataset.classes ? ofClasses(answer, input.dataset.classes.split(" ")) : answer;
        if (!signal.aborted && document.activeElement === input) show(...found);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    function go(option) {
      if ("fill" in input.dataset) { // in a form that asks for an entity
        input.value = option.dataset.path.replace("/", ":");
        input.dispatchEvent(new Event("change", { bubbles: true }));
        return close();
      }
      location.assign(new URL(option.dataset.path, HOME));
    }

    function step(by) {
      // What is being chosen from does not change under the hand.
      clearTimeout(timer);
      asking?.abort();
      // One place more than there are options: it selects the text itself.
      const places = list.children.length + 1;
      mark(((active + 1 + by + places) % places) - 1);
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) ask();
        else if (event.altKey && event.key === "ArrowUp") close();
        else if (!event.altKey) step(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && isOpen && active >= 0) {
        event.preventDefault();
        go(list.children[active]);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where it is
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(suggesting);

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const input = document.getElementById("q") ?? document.getElementById("find");
    if (!switches.isOn("slash") || !input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
