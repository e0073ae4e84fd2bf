// What the page of /sparql adds around the editor: why an answer is empty, and the query explained. The server writes
// both, as it does for browsers without scripts; here they are fetched and put in their place.
"use strict";

(() => {
  const form = document.querySelector("form.query");
  const status = document.getElementById("status");
  if (globalThis.localEndpoint) {
    // A copy of the site without a server explains nothing, and reads no words.
    document.querySelector("form.words")?.remove();
    form.querySelector("[name=explain]")?.remove();
    return;
  }

  // The button is a plain submission of the form; the editor would run the query instead.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "explain") event.stopImmediatePropagation();
  }, { capture: true });

  const NOTHING = /^(0 (rows|triples)|No)\.$/;
  let asking = null;

  new MutationObserver(async () => {
    asking?.abort();
    document.querySelector("section.explained")?.remove();
    if (!NOTHING.test(status.textContent)) return;
    const mine = (asking = new AbortController());
    try {
      const address = new URL(location.href);
      address.hash = "";
      const response = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const explained = page.querySelector("section.explained");
      if (explained && !mine.signal.aborted) {
        document.querySelector("section[aria-labelledby=result]")?.after(document.adoptNode(explained));
      }
    } catch {
      // The answer is there; only why it is empty is not known.
    }
  }).observe(status, { childList: true, characterData: true, subtree: true });
})();
