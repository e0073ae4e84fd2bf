/* The reading list that this browser keeps. Without it, or where a browser keeps nothing, lists are in addresses alone. */

"use strict";

const reading = {
  get ids() {
    try {
      const kept = JSON.parse(localStorage.getItem("akb-reading-list") ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch { return []; }
  },
  keep(ids) {
    try { localStorage.setItem("akb-reading-list", JSON.stringify([...new Set(ids)].slice(0, 100))); } catch { /* nothing is kept */ }
  },
  address(ids, path = "/reading-list") {
    const query = new URLSearchParams(ids.map((id) => ["id", id]));
    return ids.length ? `${path}?${query}` : path;
  },
};

// A copy of the site without a server has no reading lists.
const linksThatKeep = globalThis.staticSite ? [] : document.querySelectorAll("[data-keep]");

// A link that begins a list goes on with the one that is kept.
for (const link of linksThatKeep) {
  const path = link.pathname;
  link.addEventListener("click", () => {
    const ids = [...reading.ids, link.dataset.keep];
    reading.keep(ids);
    link.href = reading.address([...new Set(ids)], path);
  });
}

for (const form of document.querySelectorAll(".choosing")) {
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.hasAttribute("formaction")) return;
    const chosen = new FormData(form).getAll("id");
    reading.keep([...reading.ids, ...chosen]);
    for (const id of reading.ids.filter((one) => !chosen.includes(one))) {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = "id";
      hidden.value = id;
      form.prepend(hidden);
      setTimeout(() => hidden.remove());
    }
  });
}

for (const said of globalThis.staticSite ? [] : document.querySelectorAll("[data-own]")) {
  const here = [...document.querySelectorAll('form input[type="hidden"][name="id"]')].map((one) => one.value);
  const show = () => {
    const kept = reading.ids;
    const same = kept.length === here.length && kept.every((one) => here.includes(one));
    said.replaceChildren();
    if (same && here.length) said.append(worded("This is the list that this browser keeps.") + " ");
    if (!same && kept.length) {
      const own = document.createElement("a");
      own.href = reading.address(kept, location.pathname);
      own.textContent = worded("The list that this browser keeps (%(count)s)", { count: kept.length });
      said.append(own, " ");
    }
    if (!same && (here.length || kept.length)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = here.length ? worded("Keep this list in this browser") : worded("Forget it");
      button.addEventListener("click", () => { reading.keep(here); show(); });
      said.append(button);
    }
    said.hidden = !said.childNodes.length;
  };
  show();
}
