// A conversation on the screen: keyed by message, so that only what changed is drawn again.
import { icon, make } from "./dom.js";
import { clock, say } from "./words.js";

// `looks(message)` gives {mine, text, foot, above, below}; empty is what stands there before the first word.
export class Thread {
  constructor(looks) {
    this.looks = looks;
    this.place = make("div", { class: "talk", role: "log", tabIndex: 0 });
    this.drawn = new Map();
    this.of = null;
  }

  show(owner, messages, empty) {
    const fresh = this.of !== owner;
    if (fresh) {
      this.of = owner;
      this.drawn.clear();
      this.place.replaceChildren();
    }
    this.place.setAttribute("aria-label", say("conversation"));
    if (!messages.length) {
      this.drawn.clear();
      this.place.replaceChildren(...(empty ? [empty] : []));
      return;
    }
    const low = this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < 90;
    const added = this.#draw(messages, fresh);
    if (fresh || low || added) this.#down(fresh || added);
  }

  // Whatever takes room below must not hide the last words. What is new and taller than the screen is read from its top;
  // what changes under somebody's finger, a card whose button was pressed, stays where the buttons are.
  #down(isNew) {
    requestAnimationFrame(() => {
      const last = this.place.lastElementChild;
      const tall = isNew && last && last.offsetHeight > this.place.clientHeight - 16;
      this.place.scrollTop = tall ? last.offsetTop - this.place.offsetTop - 8 : this.place.scrollHeight;
    });
  }

  #draw(messages, fresh) {
    const wanted = new Map(messages.map((message) => [message.id, message]));
    for (const [id, { node }] of this.drawn) {
      if (!wanted.has(id)) {
        node.remove();
        this.drawn.delete(id);
      }
    }
    let day = this.place.querySelector(".day");
    if (!day) this.place.replaceChildren((day = make("div", { class: "day" })));
    day.textContent = say("today");
    let [added, before, last] = [false, null, day];
    for (const message of messages) {
      const key = `${message.change} ${document.documentElement.lang} ${before === message.bot}`;
      const old = this.drawn.get(message.id);
      let node = old?.node;
      if (old?.key !== key) {
        node = bubble(message, this.looks(message, before !== message.bot), before !== message.bot);
        if (old) old.node.replaceWith(node);
        else if (!fresh) node.classList.add("new");
        added ||= !old;
        this.drawn.set(message.id, { key, node });
      }
      if (last.nextSibling !== node) last.after(node);
      [before, last] = [message.bot, node];
    }
    return added;
  }
}

function bubble(message, look, turn) {
  const foot = make("span", { class: "foot" }, ...(look.foot ?? []), make("span", {}, clock(message.at)));
  if (look.mine && look.ticks) foot.append(make("span", { class: `ticks ${look.ticks}`, ariaHidden: "true" }));
  return make(
    "div",
    { class: `line${look.mine ? " mine" : ""}${turn ? " turn" : ""}`, "data-id": message.id },
    make("div", { class: "bubble" }, ...(look.above ?? []), ...media(message), message.text ? look.text : "", foot),
    ...(look.below ?? []),
  );
}

function media(message) {
  const thing = (name, title, note) =>
    make("div", { class: "thing" }, icon(name), make("div", {}, make("strong", { dir: "auto" }, title), make("span", { dir: "ltr" }, note)));
  switch (message.kind) {
    case "photo":
      return [make("img", { src: "/static/photo.jpg", alt: say("photo"), width: 320, height: 200 })];
    case "sticker":
      return [make("div", { class: "sticker", role: "img", ariaLabel: say("sticker") }, "👍")];
    case "voice":
      return [make("div", { class: "thing" }, icon("voice"), make("div", {}, make("div", { class: "wave" }), make("span", {}, "0:04")))];
    case "document":
      return [thing("document", message.content.file_name, "PDF")];
    case "contact":
      return [thing("contact", message.content.first_name, message.content.phone_number)];
    case "location":
      return [thing("location", say("my_place"), "34.0209, −6.8417")];
    default:
      return [];
  }
}
