// The citizen's Telegram phone.
import { icon, make, popover, post, redraw } from "./dom.js";
import { menuItem, Phone, pick } from "./phone.js";
import { telegramText } from "./text.js";
import { Thread } from "./thread.js";
import { chosen, clientLanguages, direction, say, tongues } from "./words.js";

const DEEDS = ["photo", "album", "document", "voice", "sticker", "contact", "location", "forward"];

export class TelegramPhone {
  constructor(place, person, moved) {
    this.id = person;
    this.moved = moved;
    this.state = null;
    this.editing = false;
    this.folded = false;
    this.phone = new Phone(place, "telegram", {
      deeds: DEEDS,
      act: (deed, text) => this.#act(deed, text),
      menu: (close) => this.#menu(close),
      thread: new Thread((message) => this.#looks(message)),
    });
    this.commands = make("button", { class: "round", type: "button" }, icon("menu"));
    this.phone.lead.replaceWith(this.commands);
    this.toggle = make("button", { class: "round", type: "button", onclick: () => this.#fold() }, icon("keyboard"));
    this.phone.send.before(this.toggle);
    popover(this.commands, (close) => this.#commands(close));
  }

  async fresh(language = this.state?.person?.language ?? chosen()) {
    await this.moved((await post("/page/telegram/people", { language })).id);
  }

  show(state) {
    this.state = state;
    this.#strip();
    if (!state.person) return;
    const tongue = tongues.includes(state.person.language) ? state.person.language : chosen();
    const dir = state.person.language ? direction(state.person.language) : direction(chosen());
    this.phone.dress({ title: state.bot, note: say("bot", tongue), avatar: state.bot[0], tongue, dir, placeholder: state.placeholder });
    this.commands.hidden = !state.started || state.blocked || !state.commands.length;
    this.commands.setAttribute("aria-label", say("menu", tongue));
    if (state.blocked) this.phone.offer(say("unblock", tongue), () => this.#block(false));
    else if (!state.started) this.phone.offer(say("start", tongue), () => this.#act("say", "/start"));
    else this.phone.offer(null);
    this.#keyboard(tongue);
    const about = make("div", { class: "about" }, make("strong", {}, say("hello_telegram", tongue)), state.about || say("about_bot", tongue));
    this.phone.thread.show(state.person.id, state.messages, about);
  }

  #strip() {
    const { people, person } = this.state;
    redraw(this.phone.strip, [people, person?.id, person?.language, chosen()], () => [
      make("h2", {}, say("citizen_telegram")),
      make(
        "div",
        { class: "knobs" },
        pick(say("person"), people.map((p) => [p.id, p.name]), person?.id, (id) => this.moved(id)),
        pick(say("client"), clientLanguages(), person?.language, (language) => post(`/page/telegram/${this.id}/language`, { language })),
        make("button", { class: "fresh", type: "button", onclick: () => this.fresh() }, icon("plus"), say("fresh")),
      ),
    ]);
  }

  #keyboard(tongue) {
    const { keyboard, blocked } = this.state;
    this.phone.keys.hidden = !keyboard.length || blocked || this.folded;
    this.toggle.hidden = !keyboard.length || blocked;
    this.toggle.setAttribute("aria-label", say("choices", tongue));
    this.toggle.setAttribute("aria-pressed", String(!this.folded));
    this.phone.keys.setAttribute("aria-label", say("choices", tongue));
    redraw(this.phone.keys, keyboard, () =>
      keyboard.map((row) =>
        make(
          "div",
          {},
          ...row.map((key) =>
            make("button", { type: "button", onclick: () => this.#act(key.asks || "say", key.text) }, key.asks ? icon(key.asks) : "", key.text),
          ),
        ),
      ),
    );
  }

  #fold() {
    this.folded = !this.folded;
    this.show(this.state);
  }

  #looks(message) {
    const tongue = this.phone.tongue;
    const foot = message.edited && message.bot === false ? [make("span", {}, say("edited", tongue))] : [];
    const above = message.forward ? [make("span", { class: "from" }, icon("forward"), `${say("forwarded_from", tongue)} `, make("bdi", {}, message.forward))] : [];
    return { mine: !message.bot, ticks: "read", text: telegramText(message.text, message.entities), foot, above };
  }

  async #act(deed, text = "") {
    this.folded = false;
    if (this.editing && deed === "say") deed = "edit";
    this.editing = false;
    await post(`/page/telegram/${this.id}/${deed}`, { text: deed === "contact" || deed === "location" ? "" : text });
  }

  #block(blocked) {
    return post(`/page/telegram/${this.id}/block`, { blocked });
  }

  #menu(close) {
    const tongue = this.phone.tongue;
    const written = this.state.messages.filter((message) => !message.bot && message.kind === "text");
    const edit = () => {
      close();
      this.editing = true;
      this.phone.field.value = written.at(-1).text;
      this.phone.field.focus();
    };
    const blocked = this.state.blocked;
    const block = () => {
      close();
      this.#block(!blocked);
    };
    return make(
      "div",
      { class: "menu", role: "menu" },
      menuItem("edit", say("edit", tongue), edit, !written.length || blocked),
      menuItem("block", say(blocked ? "unblock" : "block", tongue), block),
    );
  }

  #commands(close) {
    const press = (command) => () => {
      close(true);
      this.#act("say", `/${command}`);
    };
    return make(
      "div",
      { class: "menu low", role: "menu" },
      ...this.state.commands.map(({ command, description }) =>
        make("button", { type: "button", role: "menuitem", onclick: press(command) }, make("span", { dir: "auto" }, description, make("small", { dir: "ltr" }, `/${command}`))),
      ),
    );
  }
}
