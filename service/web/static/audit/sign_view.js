// Signing one record or several at once: the auditor, and the provider's witness; where the witness refuses, the reason
// and the second auditor's signature.

import {alerted, button, busy, fresh, h, labelled, one, show} from "./dom.js"
import {elapsedSeconds} from "./clock.js"
import {faults, prepare} from "./forms.js"
import {isFull} from "./database.js"
import {isTaken, positionText, takePosition} from "./position.js"
import {labelOf} from "./queue_view.js"
import {signaturePad} from "./signature_pad.js"
import {say} from "./words.js"
import * as records from "./records.js"
import * as vault from "./vault.js"
import * as work from "./work.js"

export const showSign = async ids => {
  const found = ids.split(",").map(records.get).filter(record => record?.state === "draft")
  if (!found.length) return show(say("sign"), h("p", {}, say("nothing_to_sign")), h("p", {}, h("a", {href: "#"}, say("to_visits"))))
  const visit = work.visitOf(found[0].visit)
  const open = found.filter(record => faults(prepare(work.checklistOf(record.checklist).form), record.answers, record.media).length)
  if (open.length) return show(say("sign"), alerted(say("sign_open")), h("ul", {}, open.map(record => h("li", {}, h("a", {href: `#record/${record.id}`}, labelOf(record))))))
  const auditor = signaturePad(say("signature_of", {name: vault.current().name})), witness = witnessPart(visit)
  const place = h("div", {id: "position"}), told = h("div")
  const sign = event => busy(event.target, async () => {
    const signatures = await gathered(auditor, witness)
    told.replaceChildren(signatures.problem ? alerted(say(signatures.problem)) : say("please_wait"))
    if (signatures.problem) return
    try {
      await position(found, place)
      for (const record of found) await signed(record, signatures)
      location.hash = found.length === 1 ? `#record/${found[0].id}` : `#visit/${encodeURIComponent(found[0].visit)}`
    } catch (error) {
      if (!isFull(error)) throw error
      told.replaceChildren(alerted(say("photo_no_room")))
    }
  })
  show(say("sign"), h("p", {}, say("sign_lead", {n: found.length})), h("ul", {}, found.map(record => h("li", {}, labelOf(record)))),
    h("section", {}, h("h2", {}, say("auditor")), h("p", {}, vault.current().name), auditor.element),
    h("section", {}, h("h2", {}, say("witness")), witness.element), place, told,
    button(say("sign_now"), sign, {class: "main"}), h("p", {}, h("a", {href: `#visit/${encodeURIComponent(found[0].visit)}`}, say("to_visit"))))
}

// --- The witness: signs, or does not and somebody says why.

const witnessPart = visit => {
  const group = fresh("witness"), name = h("input", {type: "text", maxlength: "80", autocomplete: "off"})
  const pad = signaturePad(say("witness")), secondPad = signaturePad(say("second_auditor"))
  const reason = h("textarea", {rows: "3", maxlength: "500"})
  const others = (visit?.persons || []).filter(person => person.id !== vault.current().user)
  const second = h("select", {}, others.map(person => h("option", {value: person.name}, person.name)))
  const signs = h("div", {}, labelled(say("witness_name"), name), pad.element)
  const refuses = h("div", {hidden: true}, labelled(say("refusal_reason"), reason), labelled(say("second_auditor"), second), secondPad.element)
  const choose = refused => () => {
    signs.hidden = refused
    refuses.hidden = !refused
  }
  const choice = (refused, word) => h("label", {class: "choice"},
    h("input", {type: "radio", name: group, value: String(refused), checked: !refused, onchange: choose(refused)}), h("span", {}, say(word)))
  return {
    element: h("div", {}, choice(false, "witness_signs"), choice(true, "witness_refuses"), signs, refuses),
    async read() {
      if (!refuses.hidden) return refusal(reason.value.trim(), second.value, await secondPad.signature())
      const signature = await pad.signature()
      if (!name.value.trim()) return {problem: "witness_name_missing"}
      return signature ? {witness: {name: name.value.trim(), signature}} : {problem: "witness_missing"}
    },
  }
}

const refusal = (reason, name, signature) => {
  if (!reason) return {problem: "refusal_reason_missing"}
  if (!name || !signature) return {problem: "second_missing"}
  return {witness: {refused: true, reason}, second: {name, signature}}
}

const gathered = async (auditor, witness) => {
  const own = await auditor.signature()
  if (!own) return {problem: "auditor_missing"}
  return {auditor: {name: vault.current().name, signature: own}, ...await witness.read()}
}

// --- Writing it down

// Taken now if it was not taken before; a phone that gives none is recorded as such.
const position = async (found, place) => {
  if (found.every(record => isTaken(record.position))) return
  const taken = await takePosition()
  place.replaceChildren(h("p", {}, positionText(taken)))
  for (const record of found) if (!isTaken(record.position)) record.position = taken
}

// Each signature is a file of the record; the record is signed with the last of them, in one transaction.
const signed = async (record, parts) => {
  const plain = {}
  const files = []
  for (const [part, {signature, ...said}] of Object.entries(parts)) {
    plain[part] = said
    if (!signature) continue
    const {content, reason, ...entry} = signature
    const name = `signature-${part}.png`
    plain[part] = {...said, media: name, ...reason ? {reason} : {}}
    files.push([{...entry, name, question: ""}, content])
  }
  const last = files.pop()
  for (const [entry, content] of files) await records.addFile(record, entry, content, attach)
  await records.addFile(record, last[0], last[1], (next, entry) => {
    attach(next, entry)
    next.elapsed_s = elapsedSeconds(next)
    Object.assign(next, {signatures: plain, signed_at: new Date().toISOString(), state: "signed"})
  })
}

const attach = (next, entry) => {
  next.media = [...next.media.filter(file => file.name !== entry.name), entry]
}
