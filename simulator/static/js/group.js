// The moderators' groups, seen by one of the people in them: each with a role on the bot's list, one on no list at all.
import { icon, make, post, redraw } from "./dom.js";
import { Phone, pick } from "./phone.js";
import { telegramText } from "./text.js";
import { Thread } from "./thread.js";
import { chosen, direction, say } from "./words.js";

export class Group {
  constructor(place, changed) {
    this.who = null;
    this.which = 0;
    this.changed = changed;
    this.answered = null;
    this.waiting = new Map();
    this.phone = new Phone(place, "group", {
      deeds: [],
      act: (_deed, text) => post(`/page/group/${this.#chat().id}/say`, { as: this.who, text }),
      thread: new Thread((message, turn) => this.#looks(message, turn)),
    });
  }

  show(state) {
    this.state = state;
    this.who ??= state.people[0].id;
    const chat = this.#chat();
    this.#strip();
    const note = this.which ? `${say("members")} · ${say("restricted")}` : say("members");
    this.phone.dress({ title: chat.title, note, avatar: "M", tongue: chosen(), dir: direction(chosen()) });
    this.phone.offer(null);
    this.phone.thread.show(`${chat.id} ${this.who}`, chat.messages, make("div", { class: "about" }, say("quiet_group")));
    this.#toasts();
  }

  #chat() {
    return this.state.groups[this.which];
  }

  #strip() {
    const set = (name) => (key) => {
      this[name] = key;
      this.changed();
    };
    redraw(this.phone.strip, [this.who, this.which, chosen()], () => [
      make("h2", {}, say("moderators"), make("small", {}, say("in_telegram"))),
      make(
        "div",
        { class: "knobs" },
        pick(say("desk"), [["0", say("general")], ["1", say("sensitive")]], String(this.which), (key) => set("which")(Number(key)), "short"),
        pick(say("acting"), [...this.state.people.map((one) => [one.id, this.#called(one)]), ["group", say("as_group")]], this.who, set("who")),
      ),
    ]);
  }

  #looks(message, turn) {
    const mine = !message.bot && message.by === this.#person();
    const foot = [];
    if (message.protected) foot.push(make("span", { title: say("protected"), role: "img", ariaLabel: say("protected") }, icon("lock")));
    if (message.edited) foot.push(make("span", {}, say("edited")));
    const above = mine || !turn ? [] : [make("span", { class: "by" }, make("bdi", {}, message.from))];
    return { mine, ticks: "read", text: telegramText(message.text, message.entities), foot, above, below: this.#hangs(message) };
  }

  #called(one) {
    return `${one.role ? one.name : say("visitor")} · ${say(one.role || "unlisted")}`;
  }

  // Whoever writes as the group still presses as themselves.
  #person() {
    return this.who === "group" ? this.state.people[0].id : this.who;
  }

  #hangs(message) {
    if (!message.buttons.length) return [];
    const press = async (event, data) => {
      const key = event.currentTarget;
      key.setAttribute("aria-busy", "true");
      const { id } = await post(`/page/group/${this.#chat().id}/press`, { as: this.#person(), message: message.id, data });
      this.waiting.set(id, key);
      this.#toasts();
    };
    const rows = message.buttons.map((row) =>
      make("div", {}, ...row.map((key) => make("button", { type: "button", disabled: !key.callback_data, onclick: (event) => press(event, key.callback_data) }, key.text))),
    );
    return [make("div", { class: "hangs" }, ...rows)];
  }

  // What the bot answered to a press of ours; the key waits until then, as in the real client.
  #toasts() {
    for (const { id, text } of this.state.answers) {
      if (text === null || !this.waiting.has(id)) continue;
      this.waiting.get(id).removeAttribute("aria-busy");
      this.waiting.delete(id);
      if (text) this.phone.toast(text);
    }
  }
}
