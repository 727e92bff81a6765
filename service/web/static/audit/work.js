// The visits of the signed-in auditor, as the server told them last; kept encrypted for when there is no network.

import {ask} from "./net.js"
import {UNSENT, all, discard, save} from "./records.js"
import * as vault from "./vault.js"

let known = null
let fetched = null

export const load = async () => { known = await vault.kept("work") }
export const forget = () => { known = null }
export const work = () => known || {visits: [], checklists: {}, fetched_at: null, clock_off_s: 0}
export const visitOf = id => work().visits.find(visit => visit.id === id)
export const checklistOf = version => work().checklists[version]

// A visit that was taken from the auditor, and the checklists of what is still here, stay until their records are sent.
const take = async answer => {
  const before = work(), kept = all().filter(record => UNSENT.includes(record.state))
  const there = new Set(answer.visits.map(visit => visit.id))
  const gone = before.visits.filter(visit => !there.has(visit.id) && kept.some(record => record.visit === visit.id))
  const checklists = {...answer.checklists}
  for (const record of kept) checklists[record.checklist] ||= before.checklists[record.checklist]
  known = {
    visits: [...answer.visits, ...gone.map(visit => ({...visit, gone: true}))],
    checklists,
    fetched_at: Date.now(),
    clock_off_s: Math.round((Date.now() - Date.parse(answer.server_time)) / 1000) || 0,
  }
  await vault.keep("work", known)
  // What is left of records that arrived is not needed when their visit is no longer shown.
  const shown = new Set(known.visits.map(visit => visit.id))
  for (const record of all()) if (!shown.has(record.visit) && !UNSENT.includes(record.state)) await discard(record)
}

const user = () => vault.current().user

export const refresh = async () => {
  fetched ||= ask("GET", "work", {user: user()}).finally(() => { fetched = null })
  await take((await fetched).data)
  await lookUp()
}

// Observations are no drawn items, so the work does not tell of them: whether one was given back is asked by its id.
const lookUp = async () => {
  const arrived = all().filter(record => record.part === "observation" && ["stored", "conflict"].includes(record.state))
  if (!arrived.length) return
  const {data} = await ask("POST", "records/status", {json: {ids: arrived.map(record => record.id)}, user: user()})
  for (const record of arrived) {
    const state = data[record.id]?.state
    if (state && state !== record.told?.state) await save({...record, told: {id: record.id, state}})
  }
}

export const start = async id => {
  const {data} = await ask("POST", `visits/${encodeURIComponent(id)}/start`, {json: {}, user: user()})
  if (data.visits) await take(data)
  else await refresh()
}

// `reason`: why drawn items are left without a record; the server asks for it.
export const finish = async (id, reason = "") => {
  const {data} = await ask("POST", `visits/${encodeURIComponent(id)}/finish`, {json: {reason}, user: user()})
  if (data.visits) await take(data)
  else await refresh()
}
