// The language of the app.

import {h, labelled} from "./dom.js"
import {LANGUAGES, language, load, say} from "./words.js"

// A select; `again` draws the view anew in the chosen language.
export const languageChoice = again => {
  const choose = async event => {
    try {
      await load(event.target.value)
    } finally {
      again()
    }
  }
  const options = Object.entries(LANGUAGES).map(([name, text]) => h("option", {value: name, lang: name, selected: name === language}, text))
  return h("div", {class: "foot"}, labelled(say("language"), h("select", {onchange: choose}, options)))
}
