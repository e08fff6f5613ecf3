// The citizen's WhatsApp phone.
import { icon, make, post, redraw } from "./dom.js";
import { menuItem, Phone, pick } from "./phone.js";
import { whatsappText } from "./text.js";
import { Thread } from "./thread.js";
import { chosen, direction, nameOf, say } from "./words.js";

const DEEDS = ["photo", "album", "document", "voice", "sticker", "contact", "location", "forward"];

export class WhatsAppPhone {
  constructor(place, person, moved) {
    this.id = person;
    this.moved = moved;
    this.wish = { country: "MA", shows: "phone" };
    this.phone = new Phone(place, "whatsapp", {
      deeds: DEEDS,
      act: (deed, text) => post(`/page/whatsapp/${this.id}/${deed}`, { text }),
      menu: (close) => this.#menu(close),
      thread: new Thread((message) => this.#looks(message)),
    });
  }

  async fresh() {
    await this.moved((await post("/page/whatsapp/people", this.wish)).id);
  }

  show(state, countries) {
    this.state = state;
    this.#strip(countries);
    if (!state.person) return;
    const note = state.window === "closed" && state.messages.length ? say("window") : state.number;
    this.phone.dress({ title: state.name, note, avatar: state.name[0], tongue: chosen(), dir: direction(chosen()) });
    this.phone.note.dir = note === state.number ? "ltr" : "auto";
    if (state.blocked) this.phone.offer(say("unblock"), () => this.#block(false));
    else this.phone.offer(null);
    this.phone.thread.show(state.person.id, state.messages, make("div", { class: "about" }, say("hello_whatsapp")));
  }

  #strip(countries) {
    const { people, person } = this.state;
    const listed = people.map((p) => [p.id, p.name]);
    const own = person && (person.shows === "bsuid" ? `@${person.name.toLowerCase()}` : person.phone);
    const wish = (name) => (value) => {
      this.wish[name] = value;
      this.fresh();
    };
    redraw(this.phone.strip, [listed, person?.id, chosen(), this.wish], () => [
      make("h2", {}, say("citizen_whatsapp"), own ? make("small", {}, make("bdi", { dir: "ltr" }, own)) : ""),
      make(
        "div",
        { class: "knobs" },
        pick(say("person"), listed, person?.id, (id) => this.moved(id)),
        pick(say("country"), countries.map((code) => [code, nameOf(code, "region")]), this.wish.country, wish("country")),
        pick(say("shows"), ["phone", "both", "bsuid"].map((key) => [key, say(key)]), this.wish.shows, wish("shows")),
        make("button", { class: "fresh", type: "button", ariaLabel: say("fresh"), title: say("fresh"), onclick: () => this.fresh() }, icon("plus")),
      ),
    ]);
  }

  #looks(message) {
    const above = message.forward ? [make("span", { class: "from" }, icon("forward"), say("forwarded"))] : [];
    const ticks = { queued: "sent", sent: "sent" }[message.status] ?? "read";
    return { mine: !message.bot, ticks, text: whatsappText(message.text), above, below: this.#hangs(message) };
  }

  #hangs(message) {
    const press = (deed, title, id) => () => post(`/page/whatsapp/${this.id}/${deed}`, { title, id });
    const row = (label, hint, act) => make("button", { type: "button", onclick: act }, label, hint ? make("small", {}, hint) : "");
    const buttons = message.buttons.map(({ title, id }) => row(title, "", press("press", title, id)));
    if (buttons.length) return [make("div", { class: "hangs" }, ...buttons)];
    if (!message.list) return [];
    const items = message.list.items.map(({ item, id, description }) => row(item, description, press("pick", item, id)));
    const opened = ({ target }) => target.open && target.scrollIntoView({ block: "end" });
    return [make("details", { class: "hangs", ontoggle: opened }, make("summary", {}, icon("list"), message.list.button), ...items)];
  }

  #block(blocked) {
    return post(`/page/whatsapp/${this.id}/block`, { blocked });
  }

  #menu(close) {
    const blocked = this.state.blocked;
    const block = () => {
      close();
      this.#block(!blocked);
    };
    return make("div", { class: "menu", role: "menu" }, menuItem("block", say(blocked ? "unblock" : "block"), block));
  }
}
