// Asking for the reason of a change to something that is signed.

import {button, h, labelled} from "./dom.js"
import {say} from "./words.js"

const LONGEST = 500

// The reason, or "" if the change is given up.
export const askReason = () => new Promise(resolve => {
  const field = h("textarea", {maxlength: String(LONGEST), rows: "3", required: true})
  const done = text => {
    dialog.close()
    dialog.remove()
    resolve(text)
  }
  const submit = event => {
    event.preventDefault()
    if (field.value.trim()) done(field.value.trim())
    else field.focus()
  }
  const dialog = h("dialog", {"aria-label": say("reason_title"), oncancel: () => done("")}, h("form", {onsubmit: submit},
    labelled(say("reason_title"), field), h("button", {class: "main"}, say("keep_change")), button(say("undo_change"), () => done(""))))
  document.body.append(dialog)
  dialog.showModal()
  field.focus()
})
