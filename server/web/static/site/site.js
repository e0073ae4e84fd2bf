/* What a site of files has in place of a server: the search over the index that the export wrote, what it suggests, and
   where pages are. Texts are folded and parted into words as `server/text` does it; the table of letters comes from there.
   Only exported pages load this script. */

"use strict";

(() => {
  const HOME = new URL("../..", document.currentScript.src); // the site may be under a path of its host
  const WHOLE = "="; // before a whole name
  const KIND = 7, JOINED = 8, DROPPED = 16; // in the table of letters
  const [SEPARATOR, SIGN, MARK, LETTER, OF_PAIRS, OF_TRIPLES] = [0, 1, 2, 3, 4, 5];
  const LONGEST = 64; // letters of a word
  const FEW = 5; // where fewer than this have all words, what has some of them comes after
  const MOST_BLOCKS = 12; // how many blocks are read for the beginning of a word, or for a misspelt one
  const PREFIX = 0.5; // how much a longer word counts

  const loaded = new Map();
  function load(name) {
    if (!loaded.has(name)) {
      const asked = fetch(new URL(`search/${name}`, HOME)).then((answer) => {
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => loaded.delete(name)); // another try may have more luck
      loaded.set(name, asked);
    }
    return loaded.get(name);
  }

  // ---- words ------------------------------------------------------------------------------------------------------

  const JAMO = new Map(); // letters of Korean by themselves
  for (let code = 0x3131; code < 0x318f; code++) JAMO.set(String.fromCodePoint(code).normalize("NFKD"), String.fromCodePoint(code));

  let table = null;
  let classes = {};

  function propertiesOf(letter) {
    const code = letter.codePointAt(0), { runs } = table;
    let [low, high] = [0, runs.length / 2 - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (runs[2 * middle] <= code) low = middle;
      else high = middle - 1;
    }
    return runs[2 * low + 1];
  }

  function folded(cluster) {
    const letters = Array.from(cluster.normalize("NFKD"), (letter) =>
      propertiesOf(letter) & DROPPED ? "" : table.folds[letter] ?? letter.toLowerCase());
    return Array.from(letters.join("").normalize("NFC"), (letter) => JAMO.get(letter) ?? letter);
  }

  /** The words of a text, folded, each with where it begins and ends in it. The text has to be composed (NFC). */
  function located(text) {
    const found = [];
    for (const part of text.matchAll(/[\S\ufeff]+/gu)) {
      if (/^[\x00-\x7f]*$/.test(part[0])) {
        for (const one of part[0].toLowerCase().matchAll(/[a-z0-9]{1,64}/g)) {
          found.push({ word: one[0], start: part.index + one.index, end: part.index + one.index + one[0].length });
        }
      } else found.push(...locatedIn(part[0], part.index));
    }
    return found;
  }

  function locatedIn(part, offset) {
    const found = [];
    const letters = Array.from(part);
    const clusters = [];
    for (const letter of letters) {
      if (clusters.length && propertiesOf(letter) & JOINED) clusters[clusters.length - 1] += letter;
      else clusters.push(letter);
    }
    let now = { word: "", start: 0, end: 0 }, size = 0, kind = SEPARATOR, at = offset;
    const close = () => {
      if (now.word) found.push(now);
      now = { word: "", start: 0, end: 0 };
      size = 0;
    };
    for (const cluster of clusters) {
      for (const letter of folded(cluster)) {
        let own = propertiesOf(letter) & KIND;
        if (own === MARK) own = now.word && kind !== SIGN ? kind : SEPARATOR;
        if (now.word && (own !== kind || own === SIGN || (kind === LETTER && size === LONGEST))) close();
        kind = own;
        if (own === SEPARATOR) continue;
        if (!now.word) now.start = at;
        now.word += letter;
        now.end = at + cluster.length;
        size += 1;
      }
      at += cluster.length;
    }
    close();
    return found;
  }

  async function wordsOf(text) {
    if (!/^[\x00-\x7f]*$/.test(text)) table ??= await load("letters.json");
    return located(text.normalize("NFC"));
  }

  /** The pieces under which the index has a word, and whether the last one may go on. */
  function sought(word) {
    const kind = /^[\x00-\x7f]*$/.test(word) ? LETTER : propertiesOf(word) & KIND;
    const size = { [OF_PAIRS]: 2, [OF_TRIPLES]: 3 }[kind] ?? 0;
    if (!size) return { pieces: [word], begins: false, isWhole: true };
    const letters = Array.from(word), count = letters.length - size + 1;
    if (count < 1) return { pieces: [word], begins: true, isWhole: false };
    const pieces = Array.from({ length: count }, (_, place) => letters.slice(place, place + size).join(""));
    return { pieces, begins: false, isWhole: false };
  }

  // ---- the index --------------------------------------------------------------------------------------------------

  function blockOf(index, word) {
    let [low, high] = [0, index.blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (index.blocks[middle] <= word) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The rows of the index from one word to another: pairs of a word and its postings. */
  async function rows(index, from, to) {
    if (!index.blocks.length) return [];
    const first = blockOf(index, from), last = Math.min(blockOf(index, to), first + MOST_BLOCKS - 1);
    const numbers = Array.from({ length: last - first + 1 }, (_, place) => first + place);
    const blocks = await Promise.all(numbers.map((number) => load(`words-${number}.json`)));
    return blocks.flatMap(([words, postings]) =>
      words.flatMap((word, place) => (word >= from && word <= to ? [[word, postings[place]]] : [])));
  }

  function* entitiesIn(postings) {
    let id = 0;
    for (let place = 0; place < postings.length; place += 2) yield [(id += postings[place]), postings[place + 1]];
  }

  /** What has one of some words: by entity how much it counts, and whether it is in a name. */
  function merged(index, found) {
    const all = new Map();
    for (const [postings, factor] of found) {
      const rarity = Math.log(1 + index.entities / (postings.length / 2));
      for (const [id, value] of entitiesIn(postings)) {
        const before = all.get(id);
        const score = ((value >> 1) / index.scale) * rarity * factor;
        all.set(id, { score: Math.max(score, before?.score ?? 0), isNamed: Boolean(value & 1) || Boolean(before?.isNamed) });
      }
    }
    return all;
  }

  async function having(index, word, mayGoOn) {
    const { pieces, begins, isWhole } = sought(word);
    if (!isWhole && !begins) {
      const each = [];
      for (const piece of pieces) each.push(merged(index, (await rows(index, piece, piece)).map(([, one]) => [one, 1])));
      const [first, ...others] = each;
      return { all: new Map([...first].filter(([id]) => others.every((other) => other.has(id)))), terms: [word] };
    }
    const found = await rows(index, word, mayGoOn || begins || word.length > 2 ? `${word}\uffff` : word);
    const all = merged(index, found.map(([one, postings]) => [postings, one === word ? 1 : PREFIX]));
    return { all, terms: [word] };
  }

  /** By how many letters two words differ; more than `most` counts as one more. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, last] = [null, Array.from({ length: other.length + 1 }, (_, place) => place)];
    for (let i = 1; i <= one.length; i++) {
      const now = [i];
      for (let j = 1; j <= other.length; j++) {
        const cost = one[i - 1] === other[j - 1] ? 0 : 1;
        now[j] = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost);
        // Two letters that changed places.
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) now[j] = Math.min(now[j], before[j - 2] + 1);
      }
      [before, last] = [last, now];
    }
    return last[other.length];
  }

  async function corrected(index, word) {
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    if (!most) return null;
    let best = null;
    for (const [one, postings] of await rows(index, word[0], `${word[0]}\uffff`)) {
      const far = distance(word, one, most);
      const rank = [far, -postings.length];
      if (far <= most && (!best || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1]))) best = { one, rank };
    }
    return best?.one ?? null;
  }

  /** All that is found for a text, the best first: entities by number, with what was looked for in the end. */
  async function find(text, { asOneTypes = false } = {}) {
    const index = await load("index.json");
    classes = index.classes;
    const words = [...new Set((await wordsOf(text)).map(({ word }) => word))];
    if (!words.length) return { ids: [], exact: new Set(), complete: 0, meant: "", terms: [] };
    const groups = [];
    const taken = [];
    for (const [place, word] of words.entries()) {
      let group = await having(index, word, asOneTypes && place === words.length - 1);
      let meant = word;
      if (!group.all.size) {
        const other = await corrected(index, word);
        if (other) [group, meant] = [await having(index, other, asOneTypes), other];
      }
      groups.push(group);
      taken.push(meant);
    }
    const fits = (id, group) => group.all.has(id) && (!asOneTypes || group.all.get(id).isNamed);
    const total = (id) => groups.reduce((sum, { all }) => sum + (all.get(id)?.score ?? 0), 0);
    const all = new Set(groups.flatMap((group) => [...group.all.keys()]));
    const ranked = [...all].map((id) => ({ id, score: total(id), isComplete: groups.every((group) => fits(id, group)) }));
    const whole = WHOLE + [...(await wordsOf(text)).map(({ word }) => word)].sort(byCodeUnits).join(" ");
    const so = new Set((await rows(index, whole, whole)).flatMap(([, postings]) => [...entitiesIn(postings)].map(([id]) => id)));
    for (const id of so) if (!all.has(id)) ranked.push({ id, score: 0, isComplete: true });
    const complete = ranked.filter(({ isComplete }) => isComplete).length;
    const shown = ranked.filter(({ isComplete }) => isComplete || (!asOneTypes && complete < FEW && groups.length > 1));
    shown.sort((one, other) =>
      so.has(other.id) - so.has(one.id) || other.isComplete - one.isComplete || other.score - one.score || one.id - other.id);
    const isOther = taken.some((word, place) => word !== words[place]);
    return { ids: shown.map(({ id }) => id), exact: so, complete, meant: isOther && shown.length ? taken.join(" ") : "", terms: taken };
  }

  const byCodeUnits = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

  async function entity(id) {
    const index = await load("index.json");
    const part = await load(`entities-${Math.floor((id - 1) / index.part)}.json`);
    const [file, curie, label, definition, status, edges, names] = part[(id - 1) % index.part];
    return { file, curie, label, definition, status, edges, names, kind: curie.slice(0, curie.indexOf(":")) };
  }

  const SUGGESTED = 8, LOOKED_AT = 60;

  /** What a text may become, in the form that browsers ask servers for (OpenSearch Suggestions, 1.0): first what begins
      with it, and of that what has the most edges. */
  async function suggest(typed) {
    const text = async (name) => (await wordsOf(name)).map(({ word }) => word).join(" ");
    const [wanted, { ids, exact }] = [await text(typed), await find(typed, { asOneTypes: true })];
    const known = ids.sort((one, other) => exact.has(other) - exact.has(one) || one - other).slice(0, LOOKED_AT);
    const found = await Promise.all(known.map(async (id) => {
      const one = await entity(id);
      const names = [one.label, ...one.names];
      const begins = await Promise.all(names.map(async (name) => (await text(name)).startsWith(wanted)));
      return { ...one, name: names[Math.max(0, begins.indexOf(true))], rank: exact.has(id) ? 0 : begins.includes(true) ? 1 : 2 };
    }));
    const best = found.sort((one, other) => one.rank - other.rank).slice(0, SUGGESTED);
    const addresses = best.map(({ file }) => new URL(file, HOME).href);
    return [typed, best.map(({ name }) => name), best.map(({ kind, label }) => `${kind} · ${label}`), addresses];
  }

  /** The address of the page of what is at a path of the site, or an empty text where there is none. */
  function pageOf(path) {
    const [, name, rest] = /^([^?#]*)(.*)$/.exec(path);
    const [first, ...others] = name.split("/");
    const isPage = first in classes ? others.length === 1 : ["ontology", "schemes"].includes(name);
    return isPage ? `${HOME.pathname}${name}.html${rest}` : "";
  }

  const cardOf = (path) => `${path.replace(/\.html$/, "")}/card.html`;
  const ready = () => load("index.json").then((index) => (classes = index.classes), () => {});

  globalThis.staticSite = { HOME, cardOf, entity, find, index: () => load("index.json"), pageOf, ready, suggest, wordsOf };
})();
