// The map: draws a wire between rooms that speak to each other, and lets each event travel along it.
const ground = document.getElementById("map");
const plan = ground.querySelector(".plan");
const wires = ground.querySelector(".wires");
const list = document.getElementById("entries");
const quiet = document.getElementById("quiet");
const filter = ground.querySelector(".filter");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const MOST_ENTRIES = 1000, MOST_ROWS = 150, MOST_TRAVELLERS = 60, LEG = 620;
const SVG = "http://www.w3.org/2000/svg";
let entries = [];
let travellers = 0;
const paths = new Map();
const room = (name) => plan.querySelector(`[data-room="${CSS.escape(name)}"]`);
const place = (name) => (name && plan.querySelector(`[data-place="${CSS.escape(name)}"]`)) || room("orders");

/** One wire between the nearest sides of two boxes; under each other where there is no room beside. */
function wire(name, from, to, kind) {
  if (!from || !to) return;
  const origin = plan.getBoundingClientRect();
  const a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
  const beside = b.left > a.right - 8 || a.left > b.right - 8;
  const right = b.left > a.right - 8;
  const start = beside ? [right ? a.right : a.left, a.top + a.height / 2] : [a.left + a.width / 2, a.top < b.top ? a.bottom : a.top];
  const level = kind === "bus" ? Math.max(b.top + 14, Math.min(b.bottom - 14, start[1])) : b.top + b.height / 2;
  const end = beside ? [right ? b.left : b.right, level] : [b.left + b.width / 2, a.top < b.top ? b.top : b.bottom];
  const [x1, y1, x2, y2] = [start[0] - origin.left, start[1] - origin.top, end[0] - origin.left, end[1] - origin.top];
  const bend = beside ? `C ${(x1 + x2) / 2} ${y1}, ${(x1 + x2) / 2} ${y2}, ${x2} ${y2}` : `C ${x1} ${(y1 + y2) / 2}, ${x2} ${(y1 + y2) / 2}, ${x2} ${y2}`;
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M ${x1} ${y1} ${bend}`);
  path.setAttribute("class", `wire ${kind}`);
  wires.append(path);
  paths.set(name, path);
}

function draw() {
  wires.replaceChildren();
  paths.clear();
  wires.setAttribute("width", plan.clientWidth);
  wires.setAttribute("height", plan.clientHeight);
  for (const chip of plan.querySelectorAll("[data-place]")) wire(`${chip.dataset.place}>bus`, chip, room("bus"), "bus");
  for (const each of plan.querySelectorAll(".room.neighbour")) wire(`bus>${each.dataset.room}`, room("bus"), each, "neighbour");
  wire("orders>restaurant", room("orders"), room("restaurant"), "restaurant");
  wire("orders>customer", room("orders"), room("customer"), "customer");
}
new ResizeObserver(draw).observe(plan);

function flash(box) {
  if (!box) return;
  box.classList.remove("lit");
  void box.offsetWidth;
  box.classList.add("lit");
}

function travel(name, kind, backwards = false) {
  const path = paths.get(name);
  if (!path) return Promise.resolve();
  path.classList.add("used");
  if (still.matches || document.hidden || travellers >= MOST_TRAVELLERS) return Promise.resolve();
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", "6");
  dot.setAttribute("class", `traveller ${kind}`);
  wires.append(dot);
  travellers += 1;
  const length = path.getTotalLength();
  return new Promise((arrived) => {
    const began = performance.now();
    const step = (now) => {
      const part = Math.min(1, (now - began) / LEG);
      const eased = part < .5 ? 2 * part * part : 1 - (-2 * part + 2) ** 2 / 2;
      const at = path.getPointAtLength(length * (backwards ? 1 - eased : eased));
      dot.setAttribute("cx", at.x);
      dot.setAttribute("cy", at.y);
      if (part < 1 && path.isConnected) { requestAnimationFrame(step); return; }
      dot.remove();
      travellers -= 1;
      arrived();
    };
    requestAnimationFrame(step);
  });
}

async function happens(entry) {
  const from = place(entry.from);
  if (entry.kind === "message") {
    await travel("orders>restaurant", "restaurant");
    flash(room("restaurant"));
    return;
  }
  if (entry.name === "order_placed") { flash(room("customer")); await travel("orders>customer", "customer", true); }
  flash(from);
  if (entry.name === "user_notified") travel("orders>customer", "customer").then(() => flash(room("customer")));
  await travel(`${entry.from}>bus`, "bus");
  flash(room("bus"));
  for (const name of entry.to) travel(`bus>${name}`, "neighbour").then(() => flash(room(name)));
}

function row(entry) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/${ground.dataset.stage}/orders/${encodeURIComponent(entry.order)}`;
  link.textContent = entry.order.slice(0, 8);
  const time = document.createElement("time");
  time.textContent = entry.at;
  const name = document.createElement("span");
  name.className = `name ${entry.kind}`;
  name.textContent = entry.name;
  const where = document.createElement("small");
  where.textContent = entry.restaurant;
  item.append(time, name, link, where);
  return item;
}

function isWanted(entry) {
  const { event, order } = filter.elements;
  return (!event.value || entry.name === event.value) && entry.order.startsWith(order.value.trim());
}

function list_again() {
  list.replaceChildren(...entries.filter(isWanted).slice(0, MOST_ROWS).map(row));
  quiet.hidden = entries.length > 0;
}
filter.addEventListener("input", list_again);
filter.addEventListener("submit", (event) => event.preventDefault());

function forget() {
  entries = [];
  list.replaceChildren();
  for (const count of plan.querySelectorAll("[data-from]")) count.textContent = "";
}

const text = (box, value) => { if (box && box.textContent !== String(value)) box.textContent = value; };

ground.addEventListener("news", ({ detail: news }) => {
  const shown = [...plan.querySelectorAll(".room.neighbour")].map((each) => each.dataset.room);
  if (shown.join() !== news.shown.join()) { location.reload(); return; }
  for (const each of plan.querySelectorAll("[data-count]")) text(each, news.counts[each.dataset.count] ?? 0);
  text(document.getElementById("crossed"), Object.entries(news.counts).reduce((sum, [name, count]) => sum + (name === "message_to_restaurant" ? 0 : count), 0));
  for (const [name, how] of Object.entries(news.rooms)) {
    const box = room(name);
    if (!box) continue;
    text(box.querySelector("[data-heard]"), how.heard);
    text(box.querySelector("[data-waiting]"), how.waiting);
    text(box.querySelector("[data-dead]"), how.dead);
    box.querySelector(".out").hidden = !how.out;
    box.classList.toggle("is-out", how.out);
    box.classList.toggle("has-dead", how.dead > 0);
  }
  if (news.whole) forget(); // the connection is new, or the engine: all that is known comes again
  if (!news.entries.length) { quiet.hidden = entries.length > 0; return; }
  entries = [...news.entries.toReversed(), ...entries].slice(0, MOST_ENTRIES);
  for (const entry of news.entries) {
    const count = plan.querySelector(`[data-from="${CSS.escape(entry.from ?? "")}"]`);
    if (count && entry.kind === "event") count.textContent = Number(count.textContent || 0) + 1;
    if (!entry.old) happens(entry);
    else paths.get(`${entry.from}>bus`)?.classList.add("used");
  }
  list_again();
});
