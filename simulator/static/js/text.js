// Text as the two clients show it. Links are coloured, never anchors: nothing here may be opened or fetched.
import { make } from "./dom.js";

const SHOWN = {
  bold: "bold", italic: "italic", underline: "underline", strikethrough: "strikethrough", spoiler: "spoiler",
  code: "code", pre: "code", url: "url", text_link: "url", email: "url", mention: "url", phone_number: "url",
  hashtag: "cmd", cashtag: "cmd", bot_command: "cmd",
};

// Telegram: entities with offsets in UTF-16 units, as JavaScript counts; they may nest.
export function telegramText(text, entities) {
  const edges = new Set([0, text.length]);
  for (const { offset, length } of entities) edges.add(offset).add(offset + length);
  const points = [...edges].sort((a, b) => a - b);
  const said = make("p", { class: "said" });
  for (let i = 0; i + 1 < points.length; i++) {
    const [from, to] = [points[i], points[i + 1]];
    const classes = entities.filter((e) => e.offset <= from && e.offset + e.length >= to).map((e) => SHOWN[e.type]);
    const piece = text.slice(from, to);
    const known = classes.filter(Boolean).join(" ");
    said.append(known ? make("span", { class: known }, piece) : piece);
  }
  return said;
}

const MARKS = [
  [/```([^`]+)```/, "code"], [/`([^`\n]+)`/, "code"], [/(?<![\p{L}\p{N}*])\*(\S(?:[^*\n]*\S)?)\*(?![\p{L}\p{N}*])/u, "bold"],
  [/(?<![\p{L}\p{N}_])_(\S(?:[^_\n]*\S)?)_(?![\p{L}\p{N}_])/u, "italic"],
  [/(?<![\p{L}\p{N}~])~(\S(?:[^~\n]*\S)?)~(?![\p{L}\p{N}~])/u, "strikethrough"],
];
const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"\u2066-\u2069]+/i;

// WhatsApp: marks around words, which the client takes away; addresses are left whole.
export function whatsappText(text) {
  return make("p", { class: "said" }, ...pieces(text));
}

function pieces(text) {
  const finds = [[ADDRESS, "url"], ...MARKS].map(([pattern, kind]) => [pattern.exec(text), kind]).filter(([found]) => found);
  if (!finds.length) return [text];
  const [found, kind] = finds.reduce((first, next) => (next[0].index < first[0].index ? next : first));
  const inner = kind === "url" || kind === "code" ? [found[1] ?? found[0]] : pieces(found[1]);
  const after = text.slice(found.index + found[0].length);
  return [text.slice(0, found.index), make("span", { class: kind }, ...inner), ...pieces(after)].filter((piece) => piece !== "");
}
