// One visit: starting it (which opens the sealed draw), its items and observations with their state, signing and handing
// in together, finishing.

import {alerted, button, busy, h, labelled, one, show} from "./dom.js"
import {faults, prepare} from "./forms.js"
import {Failed} from "./net.js"
import {badge, stateOf} from "./states.js"
import {day, said, say} from "./words.js"
import * as records from "./records.js"
import * as sync from "./sync.js"
import * as work from "./work.js"

export const showVisit = async id => {
  const visit = work.visitOf(id)
  if (!visit) return show(say("visit"), h("p", {}, say("visit_unknown")), back())
  const body = h("div")
  const draw = () => body.replaceChildren(...content(work.visitOf(id) || visit, draw).filter(Boolean))
  const follow = () => { if (!one("textarea", body)) draw() } // nobody's words are taken away while they are typed
  show(visit.site?.name || visit.id, facts(visit), body, back())
  draw()
  const off = [records.onChange(follow), sync.onProgress(follow)]
  addEventListener("session", follow) // newer visits have come
  return () => {
    off.forEach(call => call())
    removeEventListener("session", follow)
  }
}

const back = () => h("p", {}, h("a", {href: "#"}, say("to_visits")))

const facts = visit => h("dl", {class: "facts"},
  h("dt", {}, say("project")), h("dd", {}, visit.project_name || visit.project),
  h("dt", {}, say("date")), h("dd", {}, day(visit.on)),
  visit.site?.address && [h("dt", {}, say("address")), h("dd", {}, visit.site.address)],
  h("dt", {}, say("persons")), h("dd", {}, (visit.persons || []).map(person => person.name).join(", ")))

const content = (visit, draw) => {
  if (visit.state === "planned") return [h("p", {}, say("start_lead")), online(say("start_visit"), () => work.start(visit.id), draw)]
  const own = records.all().filter(record => record.visit === visit.id)
  const finished = visit.state !== "started"
  return [
    finished ? h("p", {class: "notice"}, say("visit_over")) : null,
    together(own), itemList(visit), observationList(visit, finished),
    finished ? null : h("div", {id: "finishing"}, finishing(visit, own, draw)),
  ]
}

// A button for what only the server can do; says so when it cannot be reached.
const online = (text, act, draw, attributes = {class: "main"}, unless = () => false) => {
  const press = event => busy(event.target, async () => {
    one("#online-problem")?.remove()
    try {
      await act()
      draw()
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      if (unless(error)) return
      const why = {offline: say("needs_network"), signed_out: say("signed_out")}[error.kind] || error.message
      event.target.after(h("div", {id: "online-problem"}, alerted(why)))
    }
  })
  return button(text, press, attributes)
}

// --- Items

const itemList = visit => {
  if (!visit.items?.length) return null
  const rows = visit.items.map(item => {
    const {state, record, comment} = stateOf(visit.id, item)
    return h("li", {}, h("a", {href: `#item/${encodeURIComponent(visit.id)}/${encodeURIComponent(item.assignment)}`, class: "row"},
      h("strong", {}, item.serial), badge(state, record?.id), item.part === "back_check" ? h("span", {}, say("back_check")) : null,
      item.stratum ? h("span", {}, item.stratum) : null, item.on ? h("span", {}, day(item.on)) : null, comment ? h("span", {}, comment) : null))
  })
  return h("section", {}, h("h2", {}, say("items")), h("ul", {class: "list", id: "items"}, rows))
}

const observationList = (visit, finished) => {
  if (!visit.observations?.length) return null
  const rows = visit.observations.map(version => {
    const found = records.observations(visit.id, version)
    return h("li", {}, h("strong", {}, said(work.checklistOf(version)?.title)),
      found.map(record => h("a", {href: `#record/${record.id}`, class: "row"}, badge(judged(record, found), record.id))),
      finished ? null : h("a", {href: `#new/${encodeURIComponent(visit.id)}/${encodeURIComponent(version)}`, class: "row"}, say("new_record")))
  })
  return h("section", {}, h("h2", {}, say("observations")), h("ul", {class: "list"}, rows))
}

// What the office has decided about it; what was corrected is the correction's to tell.
const judged = (record, found) => {
  const told = record.told?.state, corrected = found.some(other => other.corrects === record.id)
  return !corrected && ["returned", "accepted", "rejected"].includes(told) ? told : record.state
}

// --- What is done with several records at once

export const isComplete = record => {
  const checklist = work.checklistOf(record.checklist)
  return record.state === "draft" && checklist && !faults(prepare(checklist.form), record.answers, record.media).length
}

export const handIn = async found => {
  for (const record of found) {
    record.state = "waiting"
    record.reply = null
    await records.save(record)
  }
  sync.sendAgain().catch(() => {})
}

const together = own => {
  const complete = own.filter(isComplete), signed = own.filter(record => record.state === "signed")
  return h("div", {class: "actions"},
    complete.length ? h("a", {href: `#sign/${complete.map(record => record.id).join(",")}`, class: "button"}, say("sign_all", {n: complete.length})) : null,
    signed.length ? button(say("hand_in_all", {n: signed.length}), () => handIn(signed), {class: "main"}) : null)
}

// --- Finishing: only when nothing of this visit waits here, since what arrives later needs a decision of the office.

const finishing = (visit, own, draw) => {
  const left = own.filter(record => records.UNSENT.includes(record.state)).length
  if (left) return h("p", {class: "hint"}, say("finish_later", {n: left}))
  const open = (visit.items || []).filter(item => stateOf(visit.id, item).state === "open").length
  return open ? withReason(visit, draw, say("finish_open", {n: open})) : withoutReason(visit, draw)
}

// The other auditor may have items left that this phone does not know of; then the server asks for the reason.
const withoutReason = (visit, draw) => online(say("finish_visit"), () => work.finish(visit.id), draw, {class: ""}, error =>
  error.reason === "visit_items_open" && one("#finishing").replaceChildren(asking(visit, draw, error.message)))

const withReason = (visit, draw, why) => button(say("finish_visit"), () => one("#finishing").replaceChildren(asking(visit, draw, why)))

const asking = (visit, draw, why) => {
  const reason = h("textarea", {rows: "3", maxlength: "1000"})
  const press = () => {
    if (reason.value.trim()) return work.finish(visit.id, reason.value.trim())
    reason.focus()
    throw new Failed("refused", 0, {message: say("finish_reason")})
  }
  return h("div", {}, alerted(why), labelled(say("finish_reason"), reason), online(say("finish_anyway"), press, draw))
}
