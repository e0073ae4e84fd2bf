/* The desk of a reviewer: single keys, where they are switched on (WCAG 2.2, 2.1.4), and who decides, which this tab
   remembers until it is closed. Without this script every decision is a button. */

"use strict";

(() => {
  const form = document.querySelector("form[data-desk]");
  const said = document.createElement("p");
  said.className = "sr";
  said.setAttribute("role", "status");
  document.body.append(said);

  const memory = {
    get(name) { try { return sessionStorage.getItem(`akb-desk-${name}`) ?? ""; } catch { return ""; } },
    set(name, value) { try { sessionStorage.setItem(`akb-desk-${name}`, value); } catch { /* it is typed again */ } },
  };
  for (const field of document.querySelectorAll("[data-stays]")) {
    field.value ||= memory.get(field.name);
    field.form.addEventListener("submit", () => memory.set(field.name, field.value));
  }

  // What was decided is said first; the heading of the next proposal is read after it.
  if (document.querySelector(".then")) document.querySelector("h1").focus();

  const box = document.querySelector("[data-switch=keys]");
  if (!box) return;
  box.addEventListener("change", () => { said.textContent = box.checked ? worded("Single keys are on.") : worded("Single keys are off."); });
  let isSent = false;
  form?.addEventListener("submit", () => { isSent = true; });
  addEventListener("pageshow", () => { isSent = false; });

  function act(key) {
    if (key === "e") return form?.querySelector("textarea, fieldset input")?.focus();
    const target = document.querySelector(`[aria-keyshortcuts="${key}"]`);
    if (!target) return undefined;
    return target.matches("input") ? target.focus() : target.click();
  }

  document.addEventListener("keydown", (event) => {
    if (!box.checked || isSent || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!/^[a-z1-4]$/.test(event.key)) return;
    const before = document.activeElement;
    act(event.key);
    // The letter does not go into the field that has the focus now.
    if (document.activeElement !== before) event.preventDefault();
  });
})();
