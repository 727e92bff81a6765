// Where the app begins: what it needs, one window, unlocking, and which view an address shows.

import {alerted, button, h, show} from "./dom.js"
import {showStart} from "./access_view.js"
import {showHome} from "./home_view.js"
import {showItem, showRecord, showNew} from "./record_view.js"
import {showQueue} from "./queue_view.js"
import {showSign} from "./sign_view.js"
import {showVisit} from "./visit_view.js"
import {claim} from "./tabs.js"
import {explain, install, obstacle} from "./shell.js"
import {load as loadWords, say} from "./words.js"
import * as database from "./database.js"
import * as records from "./records.js"
import * as session from "./session.js"
import * as sync from "./sync.js"
import * as vault from "./vault.js"
import * as work from "./work.js"

const LONGEST_AWAY = 15 * 60_000
const VIEWS = {visit: showVisit, item: showItem, record: showRecord, new: showNew, sign: showSign, queue: showQueue}
let leave = null

const route = async () => {
  if (!vault.current()) return
  leave?.()
  leave = null
  const [name, ...parts] = location.hash.slice(1).split("/").map(decodeURIComponent)
  try {
    leave = await (VIEWS[name] || showHome)(...parts) || null
  } catch (error) {
    show(say("went_wrong"), alerted(String(error.message || error)), h("p", {}, h("a", {href: "#"}, say("to_visits"))))
    throw error
  }
}

const opened = async () => {
  const unreadable = await records.load()
  await work.load()
  if (unreadable) announce(say("unreadable", {n: unreadable}))
  sync.watch()
  await route()
  await session.refresh()
  if (session.signedIn()?.id !== vault.current()?.user) return dispatchEvent(new Event("session"))
  if (records.waiting().length) sync.sendNow().catch(() => {})
  await work.refresh().catch(() => {})
  dispatchEvent(new Event("session"))
}

// Everything is written down at once as it is entered, so locking is forgetting: loading the page anew.
export const lockNow = async () => {
  await records.flush()
  vault.lock()
  location.reload()
}

const lockWhenLeft = () => {
  let since = 0
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) since = performance.now()
    else if (vault.current() && since && performance.now() - since > LONGEST_AWAY) lockNow()
  })
}

// What could not be written down is said at once and stays on the screen.
const watchForFailures = () => addEventListener("unhandledrejection", event => announce(
  database.isFull(event.reason) ? say("phone_full") : say("went_wrong_here", {why: String(event.reason?.message || event.reason)})))

const announce = text => document.body.prepend(h("aside", {class: "notice", role: "alert"}, h("p", {}, text),
  button(say("close"), press => press.target.closest("aside").remove())))

const takenOver = async () => {
  await records.flush()
  leave?.()
  leave = null
  vault.lock()
  show(say("other_window"), h("p", {}, say("other_window_took")), button(say("use_here"), () => location.reload(), {class: "main"}))
}

const begin = async () => {
  watchForFailures()
  await loadWords()
  const why = obstacle()
  if (why) return show(say("title"), ...explain(why))
  await install(() => records.flush())
  if (await claim(takenOver)) return goOn()
  const here = async () => {
    await claim(takenOver, {steal: true})
    await goOn()
  }
  show(say("other_window"), h("p", {}, say("other_window_lead")), button(say("use_here"), here, {class: "main"}))
}

const goOn = async () => {
  database.onClosed(() => location.reload())
  lockWhenLeft()
  addEventListener("hashchange", route)
  await showStart(opened)
}

begin()
