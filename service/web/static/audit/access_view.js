// Getting in: signing in (with network), choosing a PIN, typing it, and what can be done when it is forgotten.

import {alerted, busy, button, h, labelled, one, show} from "./dom.js"
import {Failed, signIn} from "./net.js"
import {languageChoice} from "./menu.js"
import {unsent} from "./records.js"
import {remember} from "./session.js"
import {say, when} from "./words.js"
import * as database from "./database.js"
import * as vault from "./vault.js"

const problem = (form, text) => {
  one(".problem", form)?.remove()
  form.prepend(alerted(text))
}

// A PIN is for this phone only: it shall not go into a browser's passwords, which travel.
const pinField = id => h("input", {
  id, type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "32", required: true, class: "pin",
})

// Signing in. `only`: the user it has to be, when records of this person wait to be sent.
export const showSignIn = (done, {only = null, back = null} = {}) => {
  const name = h("input", {id: "username", autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: "40", required: true, value: only?.name || ""})
  const password = h("input", {id: "password", type: "password", autocomplete: "current-password", maxlength: "200", required: true})
  const submit = async event => {
    event.preventDefault()
    await busy(one(".main", form), async () => {
      try {
        const user = await signIn(name.value.trim(), password.value)
        remember(user)
        await done(user)
      } catch (error) {
        if (!(error instanceof Failed)) throw error
        problem(form, error.kind === "offline" ? say("sign_in_needs_network") : error.message)
        password.value = ""
      }
    })
  }
  const form = h("form", {onsubmit: submit, novalidate: true},
    labelled(say("user_name"), name), labelled(say("password"), password), h("button", {class: "main"}, say("sign_in")))
  show(say("sign_in"), h("p", {}, only ? say("sign_in_to_send") : say("sign_in_lead")), form, back && button(say("back"), back), languageChoice(() => showSignIn(done, {only, back})))
}

// The stores on this phone: one is opened with its PIN, or somebody else signs in.
export const showStart = async done => {
  const found = (await vault.vaults()).sort((a, b) => b.made_at - a.made_at)
  if (!found.length) return showSignIn(user => afterSignIn(user, done))
  if (found.length === 1) return showPin(found[0], done)
  show(say("whose"), h("ul", {class: "list"}, found.map(each => h("li", {},
    button(`${each.name} · ${when(each.made_at)}`, () => showPin(each, done), {class: "row"})))),
  button(say("somebody_else"), () => showSignIn(user => afterSignIn(user, done), {back: () => showStart(done)})),
  languageChoice(() => showStart(done)))
}

// Who has a store here opens it; who has none makes one.
const afterSignIn = async (user, done) => {
  const own = (await vault.vaults()).filter(each => each.user === user.id).sort((a, b) => b.made_at - a.made_at)
  return own.length ? showPin(own[0], done) : showNewPin(user, done)
}

export const showNewPin = (user, done) => {
  const first = pinField("pin"), again = pinField("pin-again")
  const submit = async event => {
    event.preventDefault()
    const pin = vault.tidy(first.value), unfit = vault.unfit(pin)
    if (unfit) return problem(form, say(unfit, {n: vault.PIN_DIGITS}))
    if (pin !== vault.tidy(again.value)) return problem(form, say("pins_differ"))
    await busy(one(".main", form), async () => {
      one(".main", form).textContent = say("please_wait")
      await vault.create(user, pin)
      await database.persist()
      await database.setAside()
      await done()
    })
  }
  const form = h("form", {onsubmit: submit, novalidate: true},
    labelled(say("new_pin", {n: vault.PIN_DIGITS}), first), labelled(say("pin_again"), again), h("button", {class: "main"}, say("set_pin")))
  show(say("set_pin"), h("p", {}, say("pin_why")), h("p", {class: "notice"}, say("pin_forgotten_warning")), form)
}

export const showPin = (store, done) => {
  const field = pinField("pin")
  const submit = async event => {
    event.preventDefault()
    await busy(one(".main", form), async () => {
      const waiting = vault.wait(await database.get("vaults", store.id))
      if (waiting) return problem(form, say("pin_wait", {n: Math.ceil(waiting / 1000)}))
      if (await vault.unlock(store.id, vault.tidy(field.value))) return done()
      const left = vault.FREE_TRIES - (await database.get("vaults", store.id)).tries
      problem(form, left > 0 ? say("pin_wrong", {n: left}) : say("pin_wrong_slow"))
      field.value = ""
      field.focus()
    })
  }
  const form = h("form", {onsubmit: submit, novalidate: true}, labelled(say("pin"), field), h("button", {class: "main"}, say("unlock")))
  show(say("unlock_of", {name: store.name}), form,
    button(say("pin_forgotten"), () => showForgotten(store, done)),
    button(say("somebody_else"), () => showSignIn(user => afterSignIn(user, done), {back: () => showStart(done)})),
    languageChoice(() => showPin(store, done)))
  field.focus()
}

// Nobody can open a store without its PIN, the server neither. So a new one is made beside it, and the old one is kept.
const showForgotten = async (store, done) => {
  const n = (await unsent(store.id)).length
  const anew = () => showSignIn(user => user.id === store.user ? showNewPin(user, done) : afterSignIn(user, done), {back: () => showPin(store, done)})
  show(say("pin_forgotten"), h("p", {}, say("pin_forgotten_lead")), h("p", {class: "notice"}, say("pin_forgotten_unsent", {n})),
    button(say("pin_start_anew"), anew, {class: "main"}), button(say("back"), () => showPin(store, done)))
}
