// Making and finding parts of the page. Text is only ever set as text.
const SVG = "http://www.w3.org/2000/svg";

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  picture.append(use);
  return picture;
}

export async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// Replace children only when what they show has changed, so that focus and scroll stay.
export function redraw(place, key, draw) {
  const wanted = JSON.stringify(key);
  if (place.dataset.drawn === wanted) return;
  place.dataset.drawn = wanted;
  place.replaceChildren(...draw().filter(Boolean));
}

// A menu over the phone: opens at a button, closes by Escape, a press elsewhere, or a choice.
export function popover(button, build) {
  let open = null;
  const close = (refocus = false) => {
    if (!open) return;
    open.remove();
    open = null;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", "true");
  button.addEventListener("click", () => {
    if (open) return close();
    open = build(close);
    button.closest(".screen").append(open);
    button.setAttribute("aria-expanded", "true");
    open.querySelector("button:not(:disabled)")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.contains(event.target) && !button.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (!open) return;
    if (event.key === "Escape") close(true);
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const items = [...open.querySelectorAll("button:not(:disabled)")];
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
      event.preventDefault();
    }
  });
  return close;
}
