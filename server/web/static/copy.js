// Puts a button beside everything that is marked to be copied. Without scripts there is no button, and the text can be
// selected.
"use strict";

const said = document.createElement("p");
said.className = "sr";
said.setAttribute("role", "status");
document.body.append(said);

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where a page is not served over https, browsers offer no clipboard but this.
    const area = document.createElement("textarea");
    area.className = "sr";
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
  return true;
}

for (const marked of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = worded("Copy");
  button.setAttribute("aria-label", worded("Copy %(what)s", { what: marked.dataset.copy }));
  button.addEventListener("click", async () => {
    const focused = document.activeElement;
    const done = await copy(marked.textContent);
    focused?.focus();
    button.textContent = done ? worded("Copied") : worded("Not copied");
    said.textContent = done ? worded("Copied %(what)s.", { what: marked.dataset.copy })
      : worded("The browser did not allow copying: select the text.");
    setTimeout(() => { button.textContent = worded("Copy"); }, 2000);
  });
  if (marked.matches("pre")) marked.before(button); // of a long text the end is far away
  else marked.after(" ", button);
}
