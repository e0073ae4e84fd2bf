/* What a reader can switch off, remembered by this browser; the boxes for it are on the page of the search. */

"use strict";

const switches = {
  // A browser may forbid a page to keep anything; then all is on, and cannot be switched off for good.
  isOn(name) {
    try { return localStorage.getItem(`akb-${name}`) !== "off"; } catch { return true; }
  },
  set(name, isOn) {
    try { localStorage.setItem(`akb-${name}`, isOn ? "on" : "off"); } catch { /* as above */ }
  },
};

// Style alone opens what is folded for print where a browser knows that part of it.
if (!CSS.supports("selector(::details-content)")) {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
}

for (const box of document.querySelectorAll("[data-switch]")) {
  box.checked = switches.isOn(box.dataset.switch);
  box.addEventListener("change", () => switches.set(box.dataset.switch, box.checked));
  box.closest("[hidden]").hidden = false;
}
