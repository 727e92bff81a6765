// What has not arrived yet: every record with its state, why the last try failed, when the next one comes, and "send now".

import {alerted, busy, button, h, show} from "./dom.js"
import {signInAgain} from "./home_view.js"
import {stateText} from "./states.js"
import {said, say, when} from "./words.js"
import * as records from "./records.js"
import * as sync from "./sync.js"
import * as work from "./work.js"

export const labelOf = record => {
  const visit = work.visitOf(record.visit), checklist = work.checklistOf(record.checklist)
  return [record.serial || said(checklist?.title), visit?.site?.name].filter(Boolean).join(" · ")
}

export const showQueue = async () => {
  const standing = h("div", {role: "status"}), list = h("ul", {class: "list"})
  const send = button(say("send_now"), event => busy(event.target, () => sync.sendAgain()), {class: "main"})
  const draw = () => {
    const found = records.all().filter(record => records.UNSENT.includes(record.state) || record.state === "conflict")
    standing.replaceChildren(...standingOf(sync.progress(), found).filter(Boolean))
    list.replaceChildren(...found.map(line))
    send.hidden = !records.waiting().length
  }
  show(say("queue"), standing, send, list, h("p", {}, h("a", {href: "#"}, say("to_visits"))))
  draw()
  const off = [records.onChange(draw), sync.onProgress(draw)]
  return () => off.forEach(call => call())
}

const standingOf = (progress, found) => {
  if (!found.length) return [h("p", {}, say("queue_empty"))]
  const {problem, next} = progress
  const shown = problem ? alerted(say(`problem_${problem}`)) : null
  const again = problem === "signed_out" || problem === "other_user" ? button(say("sign_in"), signInAgain) : null
  return [h("p", {}, say("queue_lead")), shown, again, next ? h("p", {class: "hint"}, say("next_try", {when: when(next)})) : null]
}

const line = record => h("li", {}, h("a", {href: `#record/${record.id}`, class: "row"},
  h("strong", {}, labelOf(record)), h("span", {class: `state ${record.state}`}, stateText(record.state, record.id)),
  record.reply?.message ? h("span", {}, record.reply.message) : null))
