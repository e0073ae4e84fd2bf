/* What a site of files has in place of a server: the search over the index that the export wrote, what it suggests, and
   where pages are. Texts are folded and parted into words as `server/text` does it; the table of letters comes from there.
   Only exported pages load this script. */

"use strict";

(() => {
  const HOME = new URL("../..", document.currentScript.src); // the site may be under a path of its host
  const WHOLE = "="; // before a whole name
  const KIND = 7, JOINED = 8, DROPPED = 16; // in the table of letters
  const [SEPARATOR, SIGN, MARK, LETTER, OF_PAIRS, OF_TRIPLES] = [0, 1, 2, 3, 4, 5];
  const TRIED = 4; // corrections of a word
  const DIGITS = 6; // what has so many digits is looked up as an identifier, also where other words are with it
  const LONGEST = 64; // letters of a word
  const MOST_BLOCKS = 12; // how many blocks are read for the beginning of a word, or for a misspelt one
  const SUGGESTED = 8, LOOKED_AT = 60; // how many are suggested, and of how many the names are looked at for that
  const PREFIX = 0.5; // how much a longer word counts, unless it is longer by an ending of English alone
  const ENDING = /^(?:e?s|e?d|ings?|ly)$/;
  const NAMED = 1, IN_IMPRINT = 2, PLACE = 4; // what the places of a word are the sum of

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

  /** Where words are, of which each counts by a factor: by entity the worth of its best place, and whether that is a name;
      beside it those with one of them in their imprint, and how many have one in a text of their own. */
  function merged(index, found) {
    const { worths } = index.score, all = new Map(), imprinted = new Set();
    let count = 0;
    for (const [postings, factor] of found) {
      for (const [id, places] of entitiesIn(postings)) {
        const place = Math.floor(places / PLACE), worth = worths[place] * factor;
        const isNamed = Boolean(places & NAMED), before = all.get(id);
        if (worth) all.set(id, { worth: Math.max(worth, before?.worth ?? 0), isNamed: isNamed || Boolean(before?.isNamed) });
        if (factor === 1 && (isNamed || place < worths.length - 2)) count += 1;
        if (factor === 1 && places & IN_IMPRINT) imprinted.add(id);
      }
    }
    return { all, imprinted, count: Math.min(count, index.entities) };
  }

  /** What a word may be without an ending of English. */
  function roots(word) {
    const found = new Set([word]);
    for (let size = Math.max(3, word.length - 4); size < word.length; size++) {
      if (!ENDING.test(word.slice(size))) continue;
      found.add(word.slice(0, size));
      if (!word.slice(size).startsWith("s")) found.add(`${word.slice(0, size)}e`);
    }
    return [...found];
  }

  async function having(index, word, mayGoOn) {
    const { pieces, begins, isWhole } = sought(word);
    if (!isWhole && !begins) {
      const each = [];
      for (const piece of pieces) each.push(merged(index, (await rows(index, piece, piece)).map(([, one]) => [one, 1])));
      const [first, ...others] = each;
      const all = new Map([...first.all].filter(([id]) => others.every((other) => other.all.has(id))));
      const imprinted = new Set([...first.imprinted].filter((id) => others.every((other) => other.imprinted.has(id))));
      return { all, imprinted, count: all.size };
    }
    const isLong = mayGoOn || begins || word.length > 2;
    const found = new Map((await rows(index, word, isLong ? `${word}\uffff` : word)).map(([one, postings]) =>
      [one, [postings, one === word || ENDING.test(one.slice(word.length)) ? 1 : PREFIX]]));
    for (const root of word.length > 3 ? roots(word).slice(1) : []) {
      for (const [one, postings] of await rows(index, root, `${root}ings`)) {
        const ending = one.slice(root.length);
        if (one.startsWith(root) && (!ending || ENDING.test(ending))) found.set(one, [postings, 1]);
      }
    }
    return merged(index, [...found.values()]);
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
    const near = [];
    for (const [one, postings] of await rows(index, word[0], `${word[0]}\uffff`)) {
      const far = distance(word, one, most);
      if (far <= most) near.push({ one, far, count: postings.length });
    }
    near.sort((one, other) => one.far - other.far || other.count - one.count);
    // Of the likely ones, that which is a name.
    for (const { one, far } of near.slice(0, TRIED)) if (far === near[0].far && (await calledSo(index, [one])).size) return one;
    return near[0]?.one ?? null;
  }

  /** A text without the names of classes in it, and the numbers of these; the whole text where nothing else is left. */
  async function asked(index, text) {
    const parts = text.split(/\s+/u).filter(Boolean), rest = [], kinds = new Set();
    const folded = await Promise.all(parts.map(async (part) => (await wordsOf(part)).map(({ word }) => word).join(" ")));
    for (let at = 0; at < parts.length;) {
      const size = [3, 2, 1].find((many) => index.kinds.includes(folded.slice(at, at + many).join(" ")) && at + many <= parts.length) ?? 0;
      if (size) kinds.add(index.kinds.indexOf(folded.slice(at, at + size).join(" ")));
      else rest.push(parts[at]);
      at += size || 1;
    }
    const words = (await wordsOf(rest.join(" "))).length;
    return kinds.size && words ? { rest: rest.join(" "), kinds } : { rest: text, kinds: new Set() };
  }

  const keyOf = (words) => WHOLE + [...words].sort(byCodeUnits).join(" ");
  const byCodeUnits = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

  async function calledSo(index, words) {
    const key = keyOf(words);
    return new Set((await rows(index, key, key)).flatMap(([, postings]) => [...entitiesIn(postings)].map(([id]) => id)));
  }

  /** The words of a text, each with what has it, or has what it is corrected to. */
  async function groupsOf(index, words, asOneTypes) {
    const groups = [];
    for (const [place, word] of words.entries()) {
      let group = await having(index, word, asOneTypes && place === words.length - 1);
      let meant = word;
      if (!group.all.size && !group.imprinted.size) {
        const other = await corrected(index, word);
        if (other) [group, meant] = [await having(index, other, asOneTypes), other];
      }
      const { size } = group.imprinted;
      // What is far more often in texts is hardly meant for a name.
      if (size * index.score.namesakes < group.count) group.imprinted = new Set();
      const count = Math.max(group.count, group.imprinted.size);
      groups.push({ ...group, meant, rarity: Math.log(1 + (index.entities - count + 0.5) / (count + 0.5)) });
    }
    return groups;
  }

  /** The order of what was found, by the score that docs/search.md explains: that of the server (`search/ordering.py`) but
      for what is near in meaning. */
  async function ordered(index, ids, groups, kinds) {
    const { score: weigh } = index, whole = groups.reduce((sum, { rarity }) => sum + rarity, 0) || 1;
    const scoreOf = (id) => groups.reduce((sum, { all, imprinted, rarity }) =>
      sum + (Math.max(all.get(id)?.worth ?? 0, imprinted.has(id) ? weigh.imprint : 0) * rarity) / whole, 0);
    const scores = new Map(ids.map((id) => [id, scoreOf(id)]));
    const byScore = (one, other) => scores.get(other) - scores.get(one) || one - other;
    const found = [...ids].sort(byScore), pool = new Set(found.slice(0, weigh.lookedAt));
    const is = (one) => one.kinds.some((kind) => kinds.has(kind));
    if (kinds.size) {
      for (const start of await Promise.all([...pool].slice(0, weigh.starts).map(entity))) {
        for (const id of start.linked) if (!pool.has(id) && is(await entity(id))) pool.add(id);
      }
      for (const id of pool) if (!scores.has(id)) scores.set(id, scoreOf(id));
    }
    const beside = new Map();
    for (const id of [...pool].sort(byScore).slice(0, weigh.giving)) {
      for (const other of (await entity(id)).linked) beside.set(other, Math.max(beside.get(other) ?? 0, scores.get(id)));
    }
    const names = groups.filter(({ imprinted }) => imprinted.size).length;
    const isByImprint = names > 0 && names < groups.length;
    const totals = new Map(await Promise.all([...pool].map(async (id) => {
      const one = await entity(id);
      let total = scores.get(id) + weigh.beside * (beside.get(id) ?? 0);
      total *= 1 + weigh.subject * Math.log1p(one.isSubjectOf) + weigh.renown * one.renown;
      if (isByImprint && groups.some(({ imprinted }) => imprinted.has(id))) {
        total *= 1 + weigh.inImprint * Math.log(Math.exp(one.renown) + one.cited);
      }
      return [id, total * (kinds.size && is(one) ? weigh.ofClass : 1)];
    })));
    const best = [...pool].sort((one, other) => totals.get(other) - totals.get(one) || one - other);
    return [...best, ...found.filter((id) => !pool.has(id))];
  }

  /** What may be an identifier in a text: as it is, without what is before its colon, and as an address ends. */
  function identifiersIn(text) {
    const found = text.split(/\s+/u).flatMap((part) => {
      const path = part.split("://")[1]?.replace(/^[^/]*\//, "") ?? "";
      return [part, part.slice(part.indexOf(":") + 1), path, path.slice(path.lastIndexOf("/") + 1)];
    });
    return [...new Set(found)].filter((one) => (one.match(/\d/g)?.length ?? 0) >= DIGITS);
  }

  /** Those of some entities that are called as a text, then those with a name that begins with it. */
  async function leading(index, text, ids, kinds = null) {
    const words = (await wordsOf(text)).map(({ word }) => word), key = keyOf(words), wanted = words.join(" ");
    if (!words.length) return [];
    const textOf = async (name) => (await wordsOf(name)).map(({ word }) => word);
    const so = await calledSo(index, words), found = [];
    for (const part of so.size ? [] : identifiersIn(text)) {
      for (const id of await calledSo(index, (await wordsOf(part)).map(({ word }) => word))) so.add(id);
    }
    for (const id of [...so, ...ids.filter((one) => !so.has(one))]) {
      const one = await entity(id);
      if (kinds && !one.kinds.some((kind) => kinds.has(kind))) continue;
      const names = await Promise.all([one.label, ...one.names].map(textOf));
      const isBegun = names.some((name) => name.join(" ").startsWith(wanted));
      const called = names.findIndex((name) => keyOf(name) === key);
      // Who types a name of one thing does not look for another whose id happens to be that.
      const rank = so.has(id) ? Math.min(called < 0 ? 2 : called, 2) : isBegun ? 3 : 4;
      if (rank < 4) found.push({ id, rank });
    }
    return found.sort((one, other) => one.rank - other.rank || one.id - other.id).map(({ id }) => id);
  }

  /** All that is found for a text, the best first: entities by number, with what was looked for in the end. */
  async function find(text, { asOneTypes = false } = {}) {
    const index = await load("index.json");
    classes = index.classes;
    const { rest, kinds } = asOneTypes ? { rest: text, kinds: new Set() } : await asked(index, text);
    const words = [...new Set((await wordsOf(rest)).map(({ word }) => word))];
    if (!words.length) return { ids: [], exact: new Set(), complete: 0, meant: "", terms: [] };
    const groups = await groupsOf(index, words, asOneTypes);
    const taken = groups.map(({ meant }) => meant);
    const exact = await calledSo(index, (await wordsOf(text)).map(({ word }) => word));
    const telling = groups.filter(({ count }) => count <= index.entities * index.score.everywhere);
    const wanted = asOneTypes || !telling.length ? groups : telling;
    const fits = (id, { all, imprinted }) => (all.has(id) && (!asOneTypes || all.get(id).isNamed)) || (!asOneTypes && imprinted.has(id));
    const any = [...new Set(groups.flatMap(({ all, imprinted }) => [...all.keys(), ...imprinted]))];
    const isOther = taken.some((word, place) => word !== words[place]);
    const meant = isOther && any.length ? taken.join(" ") : "";
    const whole = any.filter((id) => wanted.every((group) => fits(id, group)));
    if (asOneTypes) return { ids: [...new Set([...exact, ...whole])], exact, complete: whole.length, meant, terms: taken };
    const named = (ids) => ids.filter((id) => groups.every(({ all }) => all.get(id)?.isNamed)).slice(0, LOOKED_AT);
    const first = new Set([
      ...(await leading(index, text, named(whole))),
      ...(kinds.size ? await leading(index, rest, named(whole), kinds) : []),
      ...(meant ? await leading(index, meant, named(whole)) : []),
    ]);
    const complete = new Set([...first, ...whole]).size;
    const ids = complete < index.score.few && groups.length > 1 ? any : whole;
    const found = await ordered(index, ids, groups, kinds);
    return { ids: [...new Set([...first, ...found])], exact, complete, meant, terms: taken };
  }

  async function entity(id) {
    const index = await load("index.json");
    const part = await load(`entities-${Math.floor((id - 1) / index.part)}.json`);
    const [file, curie, label, definition, status, edges, names, renown, cited, isSubjectOf, kinds, linked] =
      part[(id - 1) % index.part];
    const kind = curie.slice(0, curie.indexOf(":"));
    return { file, curie, label, definition, status, edges, names, kind, renown, cited, isSubjectOf, kinds, linked };
  }


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
