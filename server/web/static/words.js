// The words of scripts in the language of the page: `worded("Copied %(what)s.", { what })`. The page has the
// translations, where it is not in English.

"use strict";

{
  const words = JSON.parse(document.getElementById("words-of-scripts")?.textContent ?? "{}");
  globalThis.worded = (message, values = {}) =>
    (words[message] ?? message).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
