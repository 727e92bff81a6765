// Sending what waits, one record after another: first the record, then its files in pieces from where the server left
// off, then the question whether all is there. Only after a yes is anything wiped. Each step may be repeated: after a
// reload the queue is what lies in the database, and the server says what it has already.

import {Failed, ask} from "./net.js"
import {outgoing} from "./payload.js"
import {say} from "./words.js"
import * as records from "./records.js"
import * as vault from "./vault.js"

export const PIECE = 256 * 1024
const FIRST_PAUSE = 5_000, LONGEST_PAUSE = 5 * 60_000
const listeners = new Set()
let running = null, timer = 0, pause = 0
const status = {sending: null, done: 0, of: 0, problem: null, next: 0}

export const onProgress = call => {
  listeners.add(call)
  return () => listeners.delete(call)
}
export const progress = () => status
const tell = change => {
  Object.assign(status, change)
  listeners.forEach(call => call(status))
}

// Sends now, unless it is sending already. A failure of the way is tried again later, each time later than the last.
export const sendNow = () => {
  clearTimeout(timer)
  running ||= run().finally(() => {
    running = null
    tell({sending: null, done: 0, of: 0})
  })
  return running
}
// What a person asks for does not wait, and starts with short pauses again.
export const sendAgain = () => {
  pause = 0
  return sendNow()
}

const run = async () => {
  tell({problem: null, next: 0})
  try {
    for (let record; vault.current() && (record = records.waiting()[0]);) await send(record)
    pause = 0
  } catch (error) {
    if (!vault.current()) return
    if (!(error instanceof Failed)) {
      tell({problem: "unexpected"})
      throw error
    }
    tell({problem: error.kind})
    if (error.kind === "offline" || error.kind === "busy") later(error.seconds * 1000)
  }
}

const later = least => {
  pause = Math.min(LONGEST_PAUSE, pause ? pause * 2 : FIRST_PAUSE)
  const delay = Math.max(least, pause * (0.75 + Math.random() / 2)) // phones of one site do not come all at once
  tell({next: Date.now() + delay})
  timer = setTimeout(sendNow, delay)
}

const user = () => vault.current().user

const send = async record => {
  tell({sending: record.id, done: 0, of: record.media.length})
  try {
    const {data} = await ask("PUT", `records/${record.id}`, {json: outgoing(record), user: user()})
    await sendFiles(record, data.waiting_for)
    await settle(record, data)
  } catch (error) {
    // What the server has judged is not sent again as it is; whatever else went wrong is tried again.
    if (!(error instanceof Failed) || error.kind !== "refused") throw error
    record.state = "refused"
    record.reply = {message: error.message, errors: error.answer.errors?.json || {}, reason: error.reason}
    await records.save(record)
  }
}

const sendFiles = async (record, waitingFor) => {
  const missing = new Set(waitingFor)
  let done = record.media.length - missing.size
  for (const sha256 of missing) {
    tell({done})
    await sendFile(record, sha256)
    done += 1
  }
  tell({done})
}

const sendFile = async (record, sha256) => {
  const path = `records/${record.id}/media/${sha256}`
  const content = await records.fileOf(record, sha256)
  if (!content) throw new Failed("refused", 0, {message: say("file_lost")})
  let there = (await ask("GET", path, {user: user()})).data
  while (!there.complete) {
    const offset = there.received, body = content.slice(offset, offset + PIECE)
    const query = `?offset=${offset}&total=${content.byteLength}`
    there = (await ask("PUT", path + query, {body, user: user()})).data
    if (!there.complete && there.received <= offset) throw new Failed("busy")
  }
}

// Wiped only if the server, asked once more, has everything.
const settle = async (record, answer) => {
  const {data} = await ask("POST", "records/status", {json: {ids: [record.id]}, user: user()})
  const found = data[record.id]
  if (!found?.complete) throw new Failed("busy")
  const conflict = answer.outcome === "conflict" || found.state === "conflict"
  await records.wipe(record, conflict ? "conflict" : "stored", {message: answer.message || "", reason: answer.reason || ""})
}

// --- When it is tried without being asked

export const watch = () => {
  const look = () => { if (vault.current() && records.waiting().length) sendAgain().catch(() => {}) }
  addEventListener("online", look)
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look() })
}
