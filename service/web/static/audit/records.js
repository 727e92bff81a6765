// Records on this phone: kept in memory while the app is unlocked, written down encrypted at every change.
//
// state    draft -> signed -> waiting -> stored | conflict        what the auditor and the server have done with it
//          waiting -> refused                                     the server would not take it: correct and hand in again
//          returned                                               a copy of what the office gave back, to be corrected
// A record that the server has whole is wiped to a stub: where it belongs, its state, and nothing of what it says.

import * as database from "./database.js"
import * as vault from "./vault.js"

export const UNSENT = ["draft", "signed", "waiting", "refused", "returned"]
const STUB = ["format", "id", "visit", "assignment", "draw", "serial", "part", "checklist", "corrects", "state", "reply", "stored_at", "told"]
const FORMAT = 1
let cache = new Map()
let writing = Promise.resolve()
const listeners = new Set()

export const onChange = call => {
  listeners.add(call)
  return () => listeners.delete(call)
}
const changed = record => listeners.forEach(call => call(record))

// Of any store, also of a locked one: only its states can be read.
export const unsent = async id =>
  (await database.allOf("records", "vault", id)).filter(each => UNSENT.includes(each.state))

export const load = async () => {
  const rows = await database.allOf("records", "vault", vault.current().id)
  const read = row => vault.unsealJson(`record ${row.id}`, row).catch(() => null)
  const found = (await Promise.all(rows.map(read))).filter(Boolean)
  cache = new Map(found.map(record => [record.id, record]))
  return rows.length - found.length // which stay where they are, and do not keep the others from being read
}
export const forget = () => { cache = new Map() }

export const all = () => [...cache.values()]
export const get = id => cache.get(id)
export const waiting = () => all().filter(each => each.state === "waiting")

// The newest record of an item, or undefined.
export const ofItem = (visit, item) => all().filter(each => each.visit === visit && each.assignment === item.assignment &&
  each.draw === item.draw && each.serial === item.serial && each.part === item.part).at(-1)
export const observations = (visit, checklist) =>
  all().filter(each => each.visit === visit && each.part === "observation" && each.checklist === checklist)

// A record of an item or observation. It is not written down before something is entered.
export const make = (visit, item, version) => ({
  format: FORMAT, id: crypto.randomUUID(), visit, assignment: item.assignment || "", draw: item.draw || "",
  serial: item.serial || "", part: item.part, checklist: version, state: "draft", answers: {}, media: [], note: "",
  started_at: new Date().toISOString(), timings: {}, changes: [], position: {}, signatures: {}, signed_at: null,
  elapsed_s: null, clock: null, corrects: "", reply: null,
})

const row = async record => ({
  id: record.id, vault: vault.current().id, state: record.state, changed_at: Date.now(),
  ...await vault.sealJson(`record ${record.id}`, record),
})

const inTurn = work => {
  const result = writing.then(work)
  writing = result.catch(() => {})
  return result
}

// Resolves when it is on the phone's disk. What changes while it waits for its turn is written with it.
export const save = record => {
  cache.set(record.id, record)
  return inTurn(async () => {
    const sealed = await row(record)
    await database.putAnyway(["records"], records => { records.put(sealed) })
    changed(record)
  })
}

// What a view has not handed over yet, such as a word that is just being typed: called before everything is awaited.
export const unwritten = new Set()
export const flush = async () => {
  unwritten.forEach(write => write())
  await new Promise(resolve => { setTimeout(resolve) })
  await writing
}

export const discard = record => inTurn(async () => {
  cache.delete(record.id)
  await drop(record.id, null)
  changed(record)
})

// Removes the photos of a record and the record itself, or puts `stub` in its place, in one transaction.
const drop = async (id, stub) => {
  const keys = (await database.allOf("photos", "record", id)).map(photo => [id, photo.sha256])
  await database.transact(["records", "photos"], "readwrite", (records, photos) => {
    keys.forEach(key => photos.delete(key))
    if (stub) records.put(stub)
    else records.delete(id)
  })
}

// After the server has said that it has the record and all its files.
export const wipe = (record, state, reply) => inTurn(async () => {
  const stub = Object.fromEntries(STUB.map(name => [name, record[name]]))
  Object.assign(stub, {state, reply, stored_at: new Date().toISOString()})
  await drop(record.id, await row(stub))
  cache.set(record.id, stub)
  changed(stub)
})

// --- Files: photos and signatures

// Adds a file and its entry in one transaction: neither without the other. Throws QuotaExceededError and changes nothing.
export const addFile = (record, entry, content, apply) => inTurn(async () => {
  const next = structuredClone(record)
  apply(next, entry)
  const place = `photo ${record.id} ${entry.sha256}`
  const file = {record: record.id, sha256: entry.sha256, vault: vault.current().id, size: entry.size, ...await vault.seal(place, content)}
  const sealed = await row(next)
  await database.transact(["records", "photos"], "readwrite", (records, photos) => {
    photos.put(file)
    records.put(sealed)
  })
  Object.assign(record, next)
  cache.set(record.id, record)
  changed(record)
})

export const removeFile = (record, sha256) => inTurn(async () => {
  record.media = record.media.filter(each => each.sha256 !== sha256)
  const sealed = await row(record)
  await database.transact(["records", "photos"], "readwrite", (records, photos) => {
    photos.delete([record.id, sha256])
    records.put(sealed)
  })
  changed(record)
})

export const fileOf = async (record, sha256) => {
  const found = await database.get("photos", [record.id, sha256])
  return found ? vault.unseal(`photo ${record.id} ${sha256}`, found) : null
}
