/* Makes the picture of a neighbourhood one to take hold of: marks are dragged and settle (d3-force), what is pointed at
   shows its neighbours, and all can be arranged by their edges alone. Without it the picture is static. */

"use strict";

(() => {
  const svg = document.querySelector(".pictured svg.wide");
  if (!svg) return;
  const HOME = new URL("..", document.currentScript.src); // the site may be under a path of its host
  const [, , WIDTH, HEIGHT] = svg.getAttribute("viewBox").split(" ").map(Number);
  const ROW = 34, BOX = { width: 172, height: 66 }; // what a name with its words takes, and the box in the middle

  const nodes = [...svg.querySelectorAll(".mark")].map((mark) => {
    const [x, y] = mark.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    return { mark, x, y, home: { x, y }, isMiddle: mark.classList.contains("boxed"), name: 0 };
  });
  const lines = [...svg.querySelectorAll("[data-ends]")].map((path) => {
    const [source, target] = path.dataset.ends.split(" ").map((place) => nodes[place]);
    return { path, source, target, isSpoke: path.classList.contains("spoke") };
  });

  // ---- what is pointed at, and what it is joined to ----

  function point(node) {
    const near = new Set(node ? [node] : nodes);
    for (const { source, target } of node ? lines : []) {
      if (source === node) near.add(target);
      if (target === node) near.add(source);
    }
    for (const one of nodes) one.mark.classList.toggle("dim", !near.has(one));
    for (const { path, source, target } of lines) {
      path.classList.toggle("dim", node !== null && source !== node && target !== node);
      path.classList.toggle("near", node !== null && (source === node || target === node));
    }
  }
  for (const node of nodes) {
    if (node.isMiddle) continue; // it is joined to all
    for (const type of ["pointerenter", "focus"]) node.mark.addEventListener(type, () => point(node));
    for (const type of ["pointerleave", "blur"]) node.mark.addEventListener(type, () => point(null));
  }

  // ---- forces ----

  let isFree = false;
  let simulation = null;
  let loading = null;

  function draw() {
    for (const node of nodes) {
      if (!node.isMiddle) {
        turn(node, node.x < WIDTH / 2);
        const space = isFree ? node.name : 12;
        node.x = Math.min(Math.max(node.x, node.isLeft ? space : 12), WIDTH - (node.isLeft ? 12 : space));
      }
      node.y = Math.min(Math.max(node.y, 18), HEIGHT - 18);
      node.mark.setAttribute("transform", `translate(${node.x} ${node.y})`);
    }
    for (const { path, source, target, isSpoke } of lines) {
      const [x, y] = [(source.x + target.x + WIDTH) / 4, (source.y + target.y + HEIGHT) / 4];
      const bend = isSpoke || isFree ? "L" : `Q${x} ${y} `;
      path.setAttribute("d", `M${source.x} ${source.y}${bend}${target.x} ${target.y}`);
    }
  }

  /** Puts the name of a mark on the side that leads away from the middle. */
  function turn(node, isLeft) {
    if (node.isLeft === isLeft) return;
    node.isLeft = isLeft;
    node.mark.querySelector("text").setAttribute("text-anchor", isLeft ? "end" : "start");
    for (const line of node.mark.querySelectorAll("tspan")) line.setAttribute("x", isLeft ? -15 : 15);
  }

  /** Loads what the forces need, once, in its order. */
  function loaded() {
    loading ??= svg.closest("[data-forces]").dataset.forces.split(" ").reduce((before, path) => before.then(() =>
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        Object.assign(script, { src: new URL(path, HOME), onload: resolve, onerror: reject });
        document.head.append(script);
      })), Promise.resolve());
    return loading;
  }

  /** The sides of what a mark takes with its name. */
  function sides({ x, isMiddle, isLeft, name }) {
    if (isMiddle) return [x - BOX.width / 2, x + BOX.width / 2];
    return isLeft ? [x - name, x + 12] : [x - 12, x + name];
  }

  /** A force of our own, beside those of d3: names do not lie over each other. */
  function legible() {
    if (!isFree) return;
    for (const [place, one] of nodes.entries()) {
      for (const other of nodes.slice(place + 1)) {
        const [left, right] = sides(one), [from, to] = sides(other);
        const space = one.isMiddle || other.isMiddle ? (BOX.height + ROW) / 2 : ROW;
        const apart = other.y - one.y, lacks = space - Math.abs(apart);
        if (right < from || to < left || lacks <= 0) continue;
        const push = (apart < 0 ? -1 : 1) * lacks * 0.4;
        if (!one.isMiddle) one.y -= push;
        if (!other.isMiddle) other.y += push;
      }
    }
  }

  function made() {
    for (const node of nodes) node.name = node.mark.querySelector("text").getBBox().width + 22;
    const middle = nodes.find((node) => node.isMiddle);
    Object.assign(middle, { fx: middle.x, fy: middle.y });
    return d3.forceSimulation(nodes).stop()
      .force("edges", d3.forceLink(lines).distance(({ isSpoke }) => (isSpoke ? 190 : 80)))
      .force("apart", d3.forceManyBody())
      .force("legible", legible)
      .force("x", d3.forceX((node) => (isFree ? WIDTH / 2 : node.home.x)))
      .force("y", d3.forceY((node) => (isFree ? HEIGHT / 2 : node.home.y)))
      .on("tick", draw);
  }

  async function settle(heat) {
    await loaded();
    simulation ??= made();
    // Arranged by class, each is drawn to its place, and edges count only while one is held.
    simulation.force("edges").strength(isFree ? ({ isSpoke }) => (isSpoke ? 0.05 : 0.25) : held ? 0.04 : 0);
    simulation.force("apart").strength(isFree ? -300 : 0);
    for (const axis of ["x", "y"]) {
      const force = simulation.force(axis);
      force[axis](force[axis]()).strength(isFree ? (axis === "x" ? 0.02 : 0.05) : 0.25);
    }
    simulation.alpha(heat);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      simulation.stop().tick(300);
      draw();
    } else simulation.restart();
  }

  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button quiet", textContent: worded("Arrange by edges") });
  button.addEventListener("click", () => {
    isFree = !isFree;
    button.textContent = isFree ? worded("Arrange by class") : worded("Arrange by edges");
    settle(1);
  });
  svg.after(Object.assign(document.createElement("p"), { className: "arrange" }));
  svg.nextElementSibling.append(button);

  // ---- dragging ----

  let held = null;
  const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  svg.addEventListener("pointerdown", (event) => {
    const node = nodes.find(({ mark }) => mark.contains(event.target));
    // A finger scrolls the page; the button arranges for whoever cannot drag.
    if (node && event.button === 0 && event.pointerType !== "touch") held = { node, start: at(event), isMoved: false };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const { x, y } = at(event);
    if (!held.isMoved && Math.hypot(x - held.start.x, y - held.start.y) < 5) return;
    if (!held.isMoved) {
      held.isMoved = true;
      settle(0.5);
    }
    Object.assign(held.node, { fx: x, fy: y, x, y });
    simulation?.alpha(Math.max(simulation.alpha(), 0.3));
    draw();
  });
  addEventListener("pointerup", () => {
    if (!held) return;
    const { node, isMoved } = held;
    // The click that follows is no wish to go there; the middle stays where it was put.
    if (isMoved) {
      const ignore = (click) => click.preventDefault();
      addEventListener("click", ignore, { capture: true });
      setTimeout(() => {
        removeEventListener("click", ignore, { capture: true });
        if (!node.isMiddle) Object.assign(node, { fx: null, fy: null });
        settle(0.5);
      });
    }
    held = null;
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
})();
