// The parts that all three phones share: frame, head, writing field, attachments, toasts.
import { icon, make, popover } from "./dom.js";
import { clock, say } from "./words.js";

export class Phone {
  // `deeds` are the attachments offered; `act(deed, text)` carries one out; `menu(close)` fills the menu at the head.
  constructor(place, kind, { deeds, act, menu, thread }) {
    this.kind = kind;
    this.act = act;
    this.thread = thread;
    this.strip = make("div", { class: "strip" });
    this.avatar = make("div", { class: "avatar", ariaHidden: "true" });
    this.title = make("bdi");
    this.note = make("bdi");
    this.time = make("span");
    this.more = make("button", { class: "round", type: "button" }, icon("more"));
    this.field = make("textarea", { rows: 1, dir: "auto", enterKeyHint: "send", autocomplete: "off", spellcheck: false });
    this.send = make("button", { class: "round send", type: "submit" }, icon("send"));
    this.clip = make("button", { class: "round", type: "button" }, icon("clip"));
    this.begin = make("button", { class: "begin", type: "button", hidden: true });
    this.lead = make("div", { hidden: true });
    this.form = make("form", { class: "write" }, this.lead, this.clip, this.field, this.send, this.begin);
    this.keys = make("div", { class: "keys", role: "group", hidden: true });
    this.screen = make(
      "div",
      { class: "screen" },
      make("div", { class: "status", ariaHidden: "true" }, this.time, make("i")),
      make("div", { class: "head" }, this.avatar, make("div", { class: "who" }, make("strong", { id: `name-${kind}` }, this.title), make("span", {}, this.note)), menu ? this.more : ""),
      thread.place,
      this.form,
      this.keys,
    );
    place.replaceChildren(this.strip, make("div", { class: "phone" }, this.screen));
    this.#wire(deeds, menu);
  }

  #wire(deeds, menu) {
    if (menu) popover(this.more, menu);
    if (deeds.length) popover(this.clip, (close) => this.#sheet(deeds, close));
    else this.clip.hidden = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value;
      if (!text.trim()) return;
      this.field.value = "";
      this.#grow();
      this.act("say", text);
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.field.addEventListener("input", () => this.#grow());
  }

  #grow() {
    this.field.style.blockSize = "40px";
    this.field.style.blockSize = `${Math.min(110, Math.max(40, this.field.scrollHeight + 2))}px`;
  }

  #sheet(deeds, close) {
    const press = (deed) => () => {
      close(true);
      this.act(deed, this.field.value);
      this.field.value = "";
    };
    return make(
      "div",
      { class: "sheet", role: "menu" },
      ...deeds.map((deed) => make("button", { type: "button", role: "menuitem", "data-deed": deed, onclick: press(deed) }, icon(deed), say(deed, this.tongue))),
    );
  }

  // Everything with words, drawn anew when language, person or state changed.
  dress({ title, note, avatar, tongue, dir, placeholder }) {
    this.tongue = tongue;
    this.screen.dir = dir;
    this.screen.lang = tongue;
    this.title.textContent = title;
    this.note.textContent = note;
    this.avatar.textContent = avatar;
    this.time.textContent = clock(Date.now() / 1000);
    this.field.placeholder = placeholder || say("write", tongue);
    for (const [node, key] of [[this.field, "write"], [this.send, "send"], [this.clip, "attach"], [this.more, "more"]]) {
      node.setAttribute("aria-label", say(key, tongue));
    }
  }

  // In place of the field: one big button, or nothing.
  offer(words, deed) {
    for (const part of [this.field, this.send]) part.hidden = Boolean(words);
    this.clip.hidden = Boolean(words) || this.kind === "group";
    this.begin.hidden = !words;
    this.begin.textContent = words ?? "";
    this.begin.onclick = deed;
  }

  toast(words) {
    this.screen.querySelector(".toast")?.remove();
    const shown = make("div", { class: "toast", role: "status" }, words);
    this.screen.append(shown);
    setTimeout(() => shown.remove(), 4200);
  }
}

export function pick(label, options, value, change, kind = "") {
  const select = make("select", { ariaLabel: label, title: label, onchange: () => change(select.value) });
  for (const [key, words] of options) select.append(make("option", { value: key, selected: key === value }, words));
  return make("div", { class: `pick ${kind}` }, select);
}

export const menuItem = (name, words, press, disabled = false) =>
  make("button", { type: "button", role: "menuitem", disabled, onclick: press }, icon(name), words);
