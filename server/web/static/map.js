/* Makes the picture of the map one to use: zoom, filter by class, find by name. Without it the picture and the lists
are shown as they are. Nothing is fetched before the map is nearly in sight. */

"use strict";

(() => {
  const NS = "http://www.w3.org/2000/svg";
  const MOST_NAMES = 60, MOST_FOUND = 12, DEEPEST = 8, SIZE = 13, LINE = 20, HALO = 2;

  function made(name, attributes = {}, ...children) {
    const element = name.startsWith("svg:") ? document.createElementNS(NS, name.slice(4)) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  const HOME = new URL("..", document.currentScript.src); // the site may be under a path of its host
  const path = (entity) => `${HOME.pathname}${entity.id.replace(":", "/")}${globalThis.staticSite ? ".html" : ""}`;
  const kind = (entity) => entity.id.split(":", 1)[0];

  function mapped(figure, data) {
    const { width, height, entities } = data;
    const hidden = new Set();
    let view = { x: 0, y: 0, zoom: 1 };
    let wanted = "";

    const web = made("svg:path", { class: "web" });
    const names = made("svg:g", { class: "names", "aria-hidden": "true" });
    const marks = entities.map((entity) => {
      const mark = made("svg:a", { href: path(entity), class: `mark class-${kind(entity)}`, tabindex: "-1" },
        made("svg:title", {}, `${entity.label} (${kind(entity)}, ${entity.edges} edges)`),
        made("svg:path", { class: "shape", d: data.classes[kind(entity)].shape }));
      return mark;
    });
    const svg = made("svg:svg", { class: "picture map live", viewBox: `0 0 ${width} ${height}`, tabindex: "0", role: "group",
      "aria-label": worded("Map of the entities. Arrow keys move it, plus and minus zoom; the field above finds names."), },
      web, made("svg:g", {}, ...marks), names);

    const pen = document.createElement("canvas").getContext("2d"); // measures names, and draws nothing
    const isShown = (entity) => !hidden.has(kind(entity));
    const isWanted = (entity) => wanted && isShown(entity) && `${entity.label} ${entity.id}`.toLowerCase().includes(wanted);

    /** How many units of the map a pixel takes, so that names have one size on every screen. */
    const unit = () => width / view.zoom / (svg.clientWidth || width);

    function label() {
      const size = Math.max(unit(), 1 / view.zoom), taken = [];
      const inView = entities.filter((one) => isShown(one) && one.x >= view.x && one.y >= view.y
        && one.x <= view.x + width / view.zoom && one.y <= view.y + height / view.zoom && (!wanted || isWanted(one)));
      const texts = [];
      pen.font = `${SIZE}px ${getComputedStyle(svg).fontFamily}`;
      for (const one of inView.sort((a, b) => b.edges - a.edges).slice(0, MOST_NAMES)) {
        const text = one.label.length > 34 ? `${one.label.slice(0, 33)}…` : one.label;
        const half = (pen.measureText(text).width / 2 + HALO) * size, y = one.y - 12 * size;
        if (one.x - half < view.x || one.x + half > view.x + width / view.zoom || y < view.y + LINE * size) continue;
        if (taken.some((other) => Math.abs(other.y - y) < LINE * size && Math.abs(other.x - one.x) < half + other.half)) continue;
        taken.push({ x: one.x, y, half });
        texts.push(made("svg:text", { "text-anchor": "middle", transform: `translate(${one.x} ${y}) scale(${size})` }, text));
      }
      names.replaceChildren(...texts);
    }

    /** Shows a part of the map that holds all of these, with a margin. */
    function show(found) {
      const [xs, ys] = [found.map((one) => one.x), found.map((one) => one.y)];
      const [left, top] = [Math.min(...xs), Math.min(...ys)], [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
      const next = Math.min(Math.max(Math.min(width / (across + 200), height / (down + 150)), 1), 4);
      view = { x: left + across / 2 - width / next / 2, y: top + down / 2 - height / next / 2, zoom: next };
    }

    function draw() {
      const size = 1 / view.zoom;
      view.x = Math.min(Math.max(view.x, 0), width - width * size);
      view.y = Math.min(Math.max(view.y, 0), height - height * size);
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${width * size} ${height * size}`);
      const grown = Math.max(unit() / size, 1) ** 0.5; // on a small screen marks shrink less than the map
      svg.classList.toggle("zoomed", view.zoom > 1);
      marks.forEach((mark, place) => {
        const one = entities[place];
        mark.setAttribute("transform", `translate(${one.x} ${one.y}) scale(${one.scale * size ** 0.6 * grown})`);
        mark.classList.toggle("off", !isShown(one));
        mark.classList.toggle("dim", wanted !== "" && !isWanted(one));
      });
      web.setAttribute("d", data.links.filter(([one, other]) => isShown(entities[one]) && isShown(entities[other]))
        .map(([one, other]) => `M${entities[one].x} ${entities[one].y}L${entities[other].x} ${entities[other].y}`).join(""));
      label();
    }

    /** Zooms by a factor, so that a point of the map (none: its middle) goes where another is, or stays where it is. */
    function zoom(by, from = { x: view.x + width / view.zoom / 2, y: view.y + height / view.zoom / 2 }, to = from) {
      const next = Math.min(Math.max(view.zoom * by, 1), DEEPEST), ratio = view.zoom / next;
      view = { x: from.x - (to.x - view.x) * ratio, y: from.y - (to.y - view.y) * ratio, zoom: next };
      draw();
    }

    function move(x, y) {
      view.x += x;
      view.y += y;
      draw();
    }

    // ---- what is beside the map ----

    const input = made("input", { type: "search", id: "map-find", autocomplete: "off" });
    const said = made("p", { class: "hint", role: "status" });
    const list = made("ul", { class: "map-found" });
    input.addEventListener("input", () => {
      wanted = input.value.trim().toLowerCase();
      const found = entities.filter(isWanted).sort((a, b) => b.edges - a.edges);
      said.textContent = !wanted ? ""
        : found.length > MOST_FOUND ? worded("%(count)s on the map, of which %(most)s are listed", { count: found.length, most: MOST_FOUND })
        : worded("%(count)s on the map", { count: found.length });
      list.replaceChildren(...found.slice(0, MOST_FOUND).map((one) =>
        made("li", {}, made("a", { href: path(one), class: `entity class-${kind(one)}` }, one.label))));
      if (found.length) show(found);
      draw();
    });

    function button(text, name, act) {
      const one = made("button", { type: "button", class: "button quiet", "aria-label": name }, text);
      one.addEventListener("click", act);
      return one;
    }

    const classes = made("fieldset", { class: "map-classes" }, made("legend", {}, worded("Classes")));
    for (const [name, { plural }] of Object.entries(data.classes)) {
      if (!entities.some((one) => kind(one) === name)) continue;
      const box = made("input", { type: "checkbox", checked: "" });
      box.addEventListener("change", () => {
        hidden[box.checked ? "delete" : "add"](name);
        input.dispatchEvent(new Event("input"));
      });
      const key = made("svg:svg", { class: "key", viewBox: "-10 -10 20 20", "aria-hidden": "true" },
        made("svg:path", { class: "shape", d: data.classes[name].shape }));
      classes.append(made("label", { class: `class-${name}` }, box, key, plural));
    }
    const controls = made("div", { class: "map-controls" },
      made("p", { class: "ends" }, made("label", { for: "map-find" }, worded("Find on the map")), input),
      made("p", {}, button("+", worded("Zoom in"), () => zoom(1.6)), button("−", worded("Zoom out"), () => zoom(1 / 1.6)),
        button(worded("Whole"), worded("Show the whole map"), () => zoom(0))),
      made("p", { class: "hint" }, worded("You can also zoom with two fingers, or with the wheel while holding Ctrl or ⌘.")));

    // ---- keys and pointers ----

    svg.addEventListener("keydown", (event) => {
      const step = 60 / view.zoom;
      const acts = {
        ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0), ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step),
        "+": () => zoom(1.6), "=": () => zoom(1.6), "-": () => zoom(1 / 1.6), 0: () => zoom(0),
      };
      // At the whole map there is nowhere to move to, and the keys scroll the page.
      if (event.ctrlKey || event.metaKey || event.altKey || !acts[event.key] || (event.key.startsWith("Arrow") && view.zoom === 1)) return;
      event.preventDefault();
      acts[event.key]();
    });
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      return { x: view.x + (event.clientX - box.left) * unit(), y: view.y + (event.clientY - box.top) * unit() };
    };
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 200), at(event));
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => zoom(2, at(event)));
    let held = null, isDragged = false;
    svg.addEventListener("pointerdown", (event) => {
      held = view.zoom > 1 && event.isPrimary ? event.pointerId : null;
      isDragged = false;
    });
    svg.addEventListener("pointermove", (event) => {
      if (event.pointerId !== held || !(event.buttons & 1)) return;
      isDragged ||= Math.hypot(event.movementX, event.movementY) > 1;
      move(-event.movementX * unit(), -event.movementY * unit());
    });
    // One finger scrolls the page, or moves the map sideways; two move and zoom the map. By pointer events alone this
    // cannot be done: the browser would take two fingers for scrolling as well.
    let pinched = null;
    const fingers = ({ touches: [one, other] }) => ({
      clientX: (one.clientX + other.clientX) / 2,
      clientY: (one.clientY + other.clientY) / 2,
      apart: Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1),
    });
    for (const type of ["touchstart", "touchend", "touchcancel"]) {
      svg.addEventListener(type, (event) => { pinched = event.touches.length === 2 ? fingers(event) : null; });
    }
    svg.addEventListener("touchmove", (event) => {
      if (!pinched) return;
      if (event.cancelable) event.preventDefault();
      const next = fingers(event);
      zoom(next.apart / pinched.apart, at(pinched), at(next));
      pinched = next;
    }, { passive: false });
    svg.addEventListener("click", (event) => { if (isDragged) event.preventDefault(); }, true);
    svg.addEventListener("dragstart", (event) => event.preventDefault());

    figure.querySelector(".still").replaceWith(controls, classes, said, list, svg);
    figure.querySelector(".legend").remove();
    draw();
    addEventListener("resize", draw);
  }

  const figure = document.querySelector("[data-map]");
  if (!figure || !("IntersectionObserver" in window)) return;
  const watch = new IntersectionObserver(async (seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    const answer = await fetch(new URL(figure.dataset.map, HOME));
    if (answer.ok) mapped(figure, await answer.json());
  }, { rootMargin: "200px" });
  watch.observe(figure);
})();
