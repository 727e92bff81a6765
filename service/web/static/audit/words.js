// The texts of the app in the reader's language: one JSON catalogue a language, part of the shell's version.

import {plainGet, plainPut} from "./database.js"

export const LANGUAGES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English"}
let words = {}
export let language = "zh-Hans"

const offered = tag => {
  const parts = tag.toLowerCase().split("-")
  if (parts[0] !== "zh") return Object.keys(LANGUAGES).find(name => name.split("-")[0] === parts[0])
  return parts.some(part => ["hant", "tw", "hk", "mo"].includes(part)) ? "zh-Hant" : "zh-Hans"
}

export const load = async (wanted = null) => {
  const found = wanted || await plainGet("language").catch(() => null) ||
    (navigator.languages || []).map(offered).find(Boolean) || document.documentElement.lang
  const address = new URL(`./words-${found}.json`, import.meta.url)
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${answer.status} ${address.pathname}`)
  words = await answer.json()
  language = found
  document.documentElement.lang = found
  if (wanted) await plainPut("language", wanted)
}

// say("hand_in_all", {n: 3}): the text with its {parameters} filled in.
export const say = (name, values = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => key in values ? String(values[key]) : whole)

// A text of a checklist: in the reader's language, else in the first one it has.
export const said = text => !text ? "" : text[language] || Object.values(text)[0] || ""

export const when = time => new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"}).format(new Date(time))
export const day = text => new Intl.DateTimeFormat(language, {dateStyle: "medium", timeZone: "UTC"}).format(new Date(`${text}T00:00:00Z`))
const UNITS = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]
export const size = bytes => {
  const [unit, name] = UNITS.find(([unit]) => bytes >= unit) || UNITS.at(-1)
  return `${(bytes / unit).toFixed(1)} ${name}`
}
