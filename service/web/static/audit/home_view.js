// The first view: the auditor's visits, what waits to be sent, and what the phone and the server know of each other.

import {alerted, button, busy, h, one, show} from "./dom.js"
import {showSignIn} from "./access_view.js"
import {languageChoice} from "./menu.js"
import {Failed, signOut} from "./net.js"
import {stateOf} from "./states.js"
import {day, say, size, when} from "./words.js"
import * as database from "./database.js"
import * as records from "./records.js"
import * as shell from "./shell.js"
import * as session from "./session.js"
import * as sync from "./sync.js"
import * as vault from "./vault.js"
import * as work from "./work.js"

const CLOCK_OFF_S = 120

export const showHome = async () => {
  const standing = h("div", {id: "standing"}), visits = h("div", {id: "visits"}), phone = h("p", {class: "hint"})
  const draw = () => {
    standing.replaceChildren(...[about(), queue()].flat().filter(Boolean))
    visits.replaceChildren(visitList())
  }
  show(say("my_visits"), h("p", {class: "hint"}, vault.current().name), standing, visits,
    button(say("fetch_visits"), event => fetchVisits(event.target)), phone, foot())
  draw()
  telling(phone)
  const off = [records.onChange(draw), sync.onProgress(draw)]
  addEventListener("session", draw)
  return () => {
    off.forEach(call => call())
    removeEventListener("session", draw)
  }
}

// Whether the server knows us, and whether the clocks agree.
const about = () => {
  const known = session.signedIn(), own = vault.current(), found = []
  if (known === false || (known && known.id !== own.user)) {
    const text = known ? say("other_user", {name: known.name}) : say("signed_out")
    found.push(h("div", {class: "notice"}, h("p", {}, text), button(say("sign_in"), () => signInAgain())))
  }
  if (shell.failed) found.push(alerted(say("not_installed")))
  const off = work.work().clock_off_s
  if (Math.abs(off) > CLOCK_OFF_S) found.push(alerted(say("clock_off", {n: Math.round(off / 60)})))
  return found
}

export const signInAgain = () => {
  const own = vault.current()
  const back = () => dispatchEvent(new HashChangeEvent("hashchange"))
  showSignIn(async user => {
    if (user.id !== own.user) throw new Failed("refused", 0, {message: say("not_you", {name: own.name})})
    back()
    await work.refresh().catch(() => {})
    sync.sendAgain().catch(() => {})
    dispatchEvent(new Event("session"))
  }, {only: own, back})
}

const queue = () => {
  const left = records.all().filter(record => records.UNSENT.includes(record.state)).length
  return left ? h("p", {}, h("a", {href: "#queue", class: "row"}, say("queue_line", {n: left, waiting: records.waiting().length}))) : null
}

const visitList = () => {
  const {visits, fetched_at} = work.work()
  const list = visits.map(visit => h("li", {}, h("a", {href: `#visit/${encodeURIComponent(visit.id)}`, class: "row"},
    h("strong", {}, visit.site?.name || visit.site?.id || visit.id), h("span", {}, `${day(visit.on)} · ${say(`visit_${visit.state}`)}`),
    visit.gone && h("span", {class: "state"}, say("visit_gone")), visit.items?.length ? h("span", {}, counted(visit)) : null)))
  return h("div", {}, list.length ? h("ul", {class: "list"}, list) : h("p", {}, say("no_visits")),
    h("p", {class: "hint"}, fetched_at ? say("fetched", {when: when(fetched_at)}) : say("never_fetched")))
}

const counted = visit => {
  const done = visit.items.filter(item => ["signed", "waiting", "stored", "conflict", "accepted", "rejected"].includes(stateOf(visit.id, item).state)).length
  return say("items_done", {n: done, of: visit.items.length})
}

const fetchVisits = element => busy(element, async () => {
  one("#fetch-problem")?.remove()
  try {
    await work.refresh()
    session.remember({id: vault.current().user, name: vault.current().name})
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    if (error.kind === "signed_out" || error.kind === "other_user") await session.refresh()
    element.before(h("div", {id: "fetch-problem"}, alerted(error.kind === "offline" ? say("no_network") : error.message)))
  }
  dispatchEvent(new Event("session"))
})

// How much room there is, and whether the browser has promised to keep it.
const telling = async element => {
  const {quota, left} = await database.room()
  const safe = await navigator.storage?.persisted?.()
  element.textContent = `${quota ? say("room", {left: size(left)}) : ""} ${safe ? say("kept_safe") : say("not_kept_safe")}`
}

const foot = () => h("nav", {class: "foot", "aria-label": say("app")},
  button(say("lock"), lock), button(say("sign_out"), event => leaveFor(event.target)), languageChoice(showHome))

const lock = async () => {
  await records.flush()
  vault.lock()
  location.reload()
}

// Signing out removes the auditor's store from the phone, so it waits until everything is sent.
const leaveFor = element => busy(element, async () => {
  one("#leave-problem")?.remove()
  const refuse = text => element.before(h("div", {id: "leave-problem"}, alerted(text), h("p", {}, h("a", {href: "#queue"}, say("to_queue")))))
  const n = (await records.unsent(vault.current().id)).length
  if (n) return refuse(say("sign_out_refused", {n}))
  try {
    if (session.signedIn()?.id === vault.current().user || session.signedIn() === null) await signOut()
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    if (error.kind !== "signed_out") return refuse(say("sign_out_needs_network"))
  }
  await vault.destroy()
  location.hash = ""
  location.reload()
})
