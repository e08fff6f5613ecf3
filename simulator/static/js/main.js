// The page: who is at which phone, news from the simulator, the language of it all, tabs where there is little room.
import { Group } from "./group.js";
import { TelegramPhone } from "./telegram.js";
import { WhatsAppPhone } from "./whatsapp.js";
import { say, speak, tongues } from "./words.js";

const find = (selector) => document.querySelector(selector);
const kept = (name, value) => {
  try {
    if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
};
const PLACES = ["telegram", "whatsapp", "group"];

let latest = null;
let place = "telegram";
const counts = {};

const telegram = new TelegramPhone(find("#telegram"), kept("telegram"), (id) => move(telegram, "telegram", id));
const whatsapp = new WhatsAppPhone(find("#whatsapp"), kept("whatsapp"), (id) => move(whatsapp, "whatsapp", id));
const group = new Group(find("#group"), () => draw());

function move(phone, name, id) {
  phone.id = String(id);
  kept(name, phone.id);
  return refresh();
}

// One question at a time; news that comes meanwhile is asked for once more afterwards.
let asking = null;
let again = false;
async function refresh() {
  if (asking) {
    again = true;
    return asking;
  }
  asking = ask();
  await asking;
  asking = null;
  if (again) {
    again = false;
    await refresh();
  }
}

async function ask() {
  try {
    const answer = await fetch(`/page/state?telegram=${telegram.id ?? ""}&whatsapp=${whatsapp.id ?? ""}`);
    if (!answer.ok) throw new Error(answer.status);
    latest = await answer.json();
    connected(true);
  } catch {
    return connected(false);
  }
  draw();
  settle(telegram, "telegram", latest.telegram, "ar");
  settle(whatsapp, "whatsapp", latest.whatsapp);
}

// A phone without anybody at it gets the last person, or a first one; news that comes meanwhile must not bring a second.
function settle(phone, name, state, ...wishes) {
  if (state.person || phone.settling) return;
  phone.settling = true;
  const last = state.people.at(-1);
  const seated = last ? move(phone, name, last.id) : phone.fresh(...wishes);
  seated.finally(() => (phone.settling = false));
}

function draw() {
  if (!latest) return;
  telegram.show(latest.telegram);
  whatsapp.show(latest.whatsapp, latest.countries);
  group.show(latest.group);
  if (latest.telegram.person) mark("telegram", latest.telegram.messages);
  if (latest.whatsapp.person) mark("whatsapp", latest.whatsapp.messages);
  mark("group", latest.group.groups.flatMap((chat) => chat.messages));
}

// A dot on the tab of a phone where something came in unseen.
function mark(name, messages) {
  const changes = messages.filter((message) => message.bot).reduce((sum, message) => Math.max(sum, message.change), 0);
  const dot = find(`#tab-${name} i`);
  if (name === place || !(name in counts)) counts[name] = changes;
  dot.hidden = counts[name] === changes;
}

function choose(name, focus = false) {
  place = name;
  for (const one of PLACES) {
    const tab = find(`#tab-${one}`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    find(`#${one}`).classList.toggle("chosen", one === name);
    if (focus && one === name) tab.focus();
  }
  draw();
}

function dress(language) {
  speak(language);
  for (const node of document.querySelectorAll("[data-words]")) node.textContent = say(node.dataset.words);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of document.querySelectorAll("[data-tongue]")) {
    node.setAttribute("aria-pressed", String(node.dataset.tongue === document.documentElement.lang));
  }
  connected(!document.body.classList.contains("away"));
  draw();
}

function connected(yes) {
  document.body.classList.toggle("away", !yes);
  find("#link-state").textContent = say(yes ? "connected" : "away");
}

for (const button of document.querySelectorAll("[data-tongue]")) {
  button.addEventListener("click", () => {
    kept("tongue", button.dataset.tongue);
    dress(button.dataset.tongue);
  });
}
PLACES.forEach((name, index) => {
  find(`#tab-${name}`).addEventListener("click", () => choose(name));
  find(`#tab-${name}`).addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) choose(PLACES[(index + (document.dir === "rtl" ? -step : step) + 3) % 3], true);
  });
});

dress(kept("tongue") ?? tongues.find((one) => navigator.language.startsWith(one)) ?? "en");
choose("telegram");
const events = new EventSource("/page/events");
events.onmessage = () => refresh();
events.onerror = () => connected(false);
events.onopen = () => connected(true);
