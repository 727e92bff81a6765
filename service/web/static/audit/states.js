// The state of an item or record in words, as the phone knows it and as the server told it.

import {h} from "./dom.js"
import * as records from "./records.js"
import * as sync from "./sync.js"
import {say} from "./words.js"

// {state, record?, comment?} of an item of a visit: what lies here comes before what the server told last.
export const stateOf = (visit, item) => {
  const record = records.ofItem(visit, item), told = item.record
  if (told?.state === "returned" && (!record || (record.id === told.id && !records.UNSENT.includes(record.state)))) {
    return {state: "returned", record, told, comment: told.comment || ""}
  }
  const judged = told && (!record || record.id === told.id) && ["accepted", "rejected"].includes(told.state)
  if (judged && !records.UNSENT.includes(record?.state)) return {state: told.state, record, told, comment: told.comment || ""}
  if (record) return {state: record.state, record, told, comment: record.reply?.comment || record.reply?.message || ""}
  return told ? {state: told.state === "conflict" ? "conflict" : "stored", told, comment: ""} : {state: "open", comment: ""}
}

export const stateText = (state, id = "") => {
  const now = sync.progress()
  if (id && now.sending === id) return say("state_sending", {n: now.done, of: now.of})
  return say(`state_${state}`)
}

export const badge = (state, id = "") => h("span", {class: `state ${state}`}, stateText(state, id))
