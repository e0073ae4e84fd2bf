/* The form that corrects an entity: it is tried on the server whenever somebody stops typing, and predicates and the
   entities at their other end narrow each other by domain and range. Without this script the button says the same. */

"use strict";

(() => {
  const PAUSE = 900; // milliseconds without a key, after which it asks
  const form = document.querySelector("form[data-correct]");
  if (!form) return;
  const verdict = document.getElementById("verdict");
  let timer = 0;
  let asking = null;
  let last = content();

  function content() {
    return new URLSearchParams(new FormData(form)).toString();
  }

  function say(text) {
    if (verdict.textContent !== text) verdict.textContent = text;
  }

  function show(page) {
    document.getElementById("outcome").replaceWith(page.getElementById("outcome"));
    for (const told of form.querySelectorAll(".wrong")) {
      const field = document.getElementById(told.id.slice("wrong-".length));
      told.textContent = page.getElementById(told.id)?.textContent ?? "";
      if (told.textContent) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
    say(page.getElementById("verdict").textContent);
  }

  async function check() {
    const now = content();
    if (now === last) return;
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(now), headers: { Accept: "text/html" }, signal });
      if (answer.status === 429 || answer.status === 503) {
        const wait = Number(answer.headers.get("Retry-After")) || 10;
        say(worded("It is checked again in %(wait)s seconds.", { wait }));
        timer = setTimeout(check, wait * 1000);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted || !page.getElementById("outcome")) return;
      last = now;
      show(page);
    } catch (error) {
      if (error.name !== "AbortError") say(worded("The server did not answer: the button tries again."));
    }
  }

  function later() {
    clearTimeout(timer);
    asking?.abort();
    timer = setTimeout(check, PAUSE);
  }

  // An id says the class, which is its prefix; a name does not, and then all predicates stay.
  function narrow(edge) {
    const predicate = edge.querySelector("[data-predicate]");
    const other = edge.querySelector("[data-other]");
    const [, name = ""] = /^([a-z][\w-]*):\S+$/.exec(other.value.trim()) ?? [];
    for (const option of predicate.querySelectorAll("option[data-ends]")) {
      option.disabled = Boolean(name) && !option.selected && !option.dataset.ends.split(" ").includes(name);
    }
    const chosen = predicate.selectedOptions[0];
    if (chosen?.dataset.ends) other.dataset.classes = chosen.dataset.ends;
    else delete other.dataset.classes;
  }

  for (const edge of form.querySelectorAll("[data-edge]")) {
    edge.addEventListener("change", () => narrow(edge));
    narrow(edge);
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
  });
})();
