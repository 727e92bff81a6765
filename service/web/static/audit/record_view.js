// One record: the checklist, the photos, the position, the clocks, and what can be done next with it.

import {alerted, button, h, one, show} from "./dom.js"
import {askReason} from "./reason.js"
import {elapsedSeconds, stopwatch, tick} from "./clock.js"
import {faults, notFound, prepare} from "./forms.js"
import {formView} from "./form_view.js"
import {positionText, takePosition} from "./position.js"
import {badge, stateOf} from "./states.js"
import {correct} from "./corrections.js"
import {handIn} from "./visit_view.js"
import {day, said, say, when} from "./words.js"
import * as records from "./records.js"
import * as vault from "./vault.js"
import * as work from "./work.js"

const EDITABLE = ["draft", "signed", "returned", "refused"]

export const showItem = async (visitId, assignment) => {
  const visit = work.visitOf(visitId), item = visit?.items?.find(each => each.assignment === assignment)
  if (!item) return showLost(visitId)
  const {state, record, told, comment} = stateOf(visitId, item)
  if (state === "returned" && (!record || !records.UNSENT.includes(record.state))) return showReturned(visit, item, told, comment)
  if (record) return showRecord(record.id)
  if (state !== "open") return show(item.serial, h("p", {}, badge(state)), toVisit(visit))
  if (visit.state !== "started") return show(item.serial, h("p", {class: "notice"}, say("visit_over")), toVisit(visit))
  return edit(records.make(visitId, item, item.checklist), visit, item)
}

export const showNew = async (visitId, version) => {
  const visit = work.visitOf(visitId)
  if (!visit || !work.checklistOf(version)) return showLost(visitId)
  return edit(records.make(visitId, {part: "observation"}, version), visit, null)
}

export const showRecord = async id => {
  const record = records.get(id)
  if (!record) return showLost(null)
  const visit = work.visitOf(record.visit) || {id: record.visit, site: null}
  const item = visit.items?.find(each => each.assignment === record.assignment && each.serial === record.serial) || null
  return record.answers ? edit(record, visit, item) : showStub(record, visit)
}

const toVisit = visit => h("p", {}, h("a", {href: `#visit/${encodeURIComponent(visit.id)}`}, say("to_visit")))
const showLost = visit => show(say("record"), h("p", {}, say("record_unknown")), visit ? toVisit({id: visit}) : h("a", {href: "#"}, say("to_visits")))

const showStub = (record, visit) => record.told?.state === "returned" ? showReturned(visit, record, record.told, "") : show(record.serial || said(work.checklistOf(record.checklist)?.title),
  h("p", {}, badge(record.state)), h("p", {}, say(record.state === "conflict" ? "conflict_lead" : "stored_lead")),
  record.reply?.message ? h("p", {class: "notice"}, record.reply.message) : null, toVisit(visit))

// `item`: a drawn item, or what is left of an observation.
const showReturned = (visit, item, told, comment) => show(item.serial || say("observations"), h("p", {}, badge("returned")),
  h("p", {class: "notice"}, comment || say("returned_lead")),
  button(say("correct"), async event => {
    event.target.disabled = true
    const {record, problem} = await correct(visit.id, item, told)
    if (record) location.hash = `#record/${record.id}`
    else event.target.replaceWith(alerted(problem))
  }, {class: "main"}), toVisit(visit))

// --- The open record

const edit = (record, visit, item) => {
  const checklist = work.checklistOf(record.checklist)
  if (!checklist) return show(say("record"), h("p", {}, say("no_checklist")), toVisit(visit))
  const locked = !EDITABLE.includes(record.state), watch = stopwatch(), ready = prepare(checklist.form)
  const told = h("p", {class: "hint", id: "left-open"})
  const top = h("div", {id: "record-state"}), next = h("div", {class: "actions", id: "next"}), place = h("div", {id: "position"})
  tick(record)
  const draw = () => {
    top.replaceChildren(badge(record.state, record.id), ...replies(record))
    told.hidden = record.state !== "draft"
    told.textContent = told.hidden ? "" : leftOpen(ready, record)
    // A button that is replaced under the finger is not pressed: they are made anew only when they are others.
    const key = JSON.stringify([locked, record.state, record.signed_at, Boolean(records.get(record.id))])
    if (next.dataset.key !== key) {
      next.dataset.key = key
      next.replaceChildren(told, ...actions(record, ready, form, visit, locked).filter(Boolean))
    }
    place.replaceChildren(...positionBlock(record, locked, keep, draw))
  }
  const keep = async () => {
    tick(record)
    await records.save(record)
  }
  const hooks = {
    locked,
    // Resolves to whether the answer was taken: after signing every change needs a reason.
    async answer(question, after) {
      const before = record.answers[question] ?? null
      if (!await mayChange(record, question, before, after)) return false
      record.answers[question] = after
      watch.to(record, question)
      await keep()
      draw()
      return true
    },
    mayChange: (question, before, after) => mayChange(record, question, before, after),
    async filed(question) {
      watch.to(record, question)
      draw()
    },
  }
  const form = formView(record, ready, hooks)
  show(record.serial || said(checklist.title), top, itemFacts(item), timeLine(record), place,
    lostButton(checklist, record, locked, form), form.element, next, toVisit(visit))
  draw()
  const off = [records.onChange(changed => { if (changed.id === record.id) followed(changed, record, draw) })]
  records.unwritten.add(form.flush)
  document.addEventListener("visibilitychange", form.flush)
  const running = setInterval(() => { one("#elapsed")?.replaceChildren(elapsedText(record)) }, 1000)
  return () => {
    form.flush()
    records.unwritten.delete(form.flush)
    document.removeEventListener("visibilitychange", form.flush)
    clearInterval(running)
    off.forEach(call => call())
  }
}

// A record that was sent and wiped while it was looked at is shown as what it has become.
const followed = (changed, record, draw) => {
  if (changed === record) return draw()
  location.replace(`#record/${changed.id}`)
  dispatchEvent(new HashChangeEvent("hashchange"))
}

const mayChange = async (record, question, before, after) => {
  if (record.state === "draft" || JSON.stringify(before) === JSON.stringify(after)) return true
  const reason = await askReason()
  if (!reason) return false
  record.changes.push({question, before, after: after ?? null, reason, at: new Date().toISOString()})
  return true
}

const replies = record => {
  const {comment, message, errors} = record.reply || {}
  const faultsTold = Object.entries(errors || {}).map(([field, texts]) => h("li", {}, `${field}: ${[texts].flat().join(" ")}`))
  return [comment || message ? h("p", {class: "notice"}, comment || message) : null, faultsTold.length ? h("ul", {}, faultsTold) : null].filter(Boolean)
}

const itemFacts = item => {
  if (!item) return null
  const details = Object.entries(item.details || {})
  return h("dl", {class: "facts"}, item.stratum && [h("dt", {}, say("stratum")), h("dd", {}, item.stratum)],
    item.on && [h("dt", {}, say("record_date")), h("dd", {}, day(item.on))],
    item.amount !== null && item.amount !== undefined && [h("dt", {}, say("claimed")), h("dd", {}, String(item.amount))],
    details.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))
}

const elapsedText = record => {
  const seconds = record.elapsed_s ?? elapsedSeconds(record)
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`
}
const timeLine = record => h("p", {class: "hint"}, `${say("began", {when: when(record.started_at)})} · ${say("took")} `,
  h("span", {id: "elapsed"}, elapsedText(record)))

const positionBlock = (record, locked, keep, draw) => {
  const take = async event => {
    event.target.disabled = true
    record.position = await takePosition()
    await keep()
    draw()
  }
  return [h("p", {}, positionText(record.position)), locked || record.signed_at ? null : button(say("take_position"), take)].filter(Boolean)
}

// One press for what is not there: the rest of the checklist follows from that answer.
const lostButton = (checklist, record, locked, form) => {
  const lost = notFound(checklist)
  if (!lost || locked || record.answers[lost.question]) return null
  return button(say("not_found"), async event => {
    if (await form.set(lost.question, lost.code)) event.target.remove()
  }, {id: "lost"})
}

// --- What comes next

const actions = (record, ready, form, visit, locked) => {
  if (locked) return [h("p", {class: "hint"}, say("locked_lead"))]
  const whenComplete = then => async () => {
    await form.flush() // what was typed a moment ago counts
    const wrong = faults(ready, record.answers, record.media)
    return wrong.length ? form.mark(wrong) : then()
  }
  if (record.state === "draft") {
    const sign = whenComplete(() => { location.hash = `#sign/${record.id}` })
    return [button(say("to_sign"), sign, {class: "main"}), discarding(record, visit)]
  }
  const send = whenComplete(() => handIn([record]).then(() => { location.hash = `#visit/${encodeURIComponent(visit.id)}` }))
  return [signedLine(record), h("p", {class: "hint"}, say("change_needs_reason")), button(say("hand_in"), send, {class: "main"})]
}

const leftOpen = (ready, record) => {
  const open = faults(ready, record.answers, record.media).length
  return open ? say("left_open", {n: open}) : ""
}

const signedLine = record => record.signed_at ? h("p", {}, say("signed_line", {name: record.signatures.auditor?.name || vault.current().name, when: when(record.signed_at)})) : null

const discarding = (record, visit) => {
  if (!records.get(record.id)) return null
  const really = async () => {
    await records.discard(record)
    location.hash = `#visit/${encodeURIComponent(visit.id)}`
  }
  return button(say("discard"), event => event.target.replaceWith(h("div", {}, alerted(say("discard_really")), button(say("discard_yes"), really))))
}
