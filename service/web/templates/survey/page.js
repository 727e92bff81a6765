{#
What the page can do more with a script; without it everything else works the same. Written by hand for browsers from
2017 on, since in-app browsers are old; no library, and no storage is needed. Three things:
1. Larger and smaller text. The size travels in the form, so it outlives a screen without storage.
2. Reading a question aloud, where the browser has a voice for the page's language.
3. Nothing is lost when the network drops: what is sent goes by fetch, is kept until it is answered, and is sent again
   under the same submission id: after a while, when the network is back, or when “Send” is pressed again. The answer is
   shown by swapping the body. What is kept is wiped as soon as it comes. The phone's own back key goes a screen back.
The words are those of the page that is shown: body[data-words], separated by bars. Questions choose the names and ids of
fields, so no property of the form is read that a field called "id" or "action" would hide.
#}
(() => {
if (!window.fetch || !FormData.prototype.entries) return
const root = document.documentElement, one = selector => document.querySelector(selector)
let words, voice, pressed, waiting, timer, pause

const storage = (verb, text) => {
  try { return localStorage[verb + "Item"]("minyi " + location.pathname, text) } catch (error) {}
}
const tell = text => {
  one("#_n").hidden = 0
  one("#_n").textContent = text
}
const button = (job, text, name) =>
  `<button type="button" class="v" data-job="${job}" aria-label="${name}">${text}</button>`
const resize = step => {
  const field = one("[name=_size]")
  field.value = Math.min(200, Math.max(100, (+field.value || 100) + step))
  root.style.fontSize = field.value + "%"
}
const offerVoice = () => {
  voice = window.speechSynthesis && speechSynthesis.getVoices().find(one => one.lang.slice(0, 2) == root.lang.slice(0, 2))
  if (voice && !one("[data-job=say]")) document.querySelectorAll("#_f>fieldset>legend,#_f>.t>.q").forEach(head =>
    head.insertAdjacentHTML("afterend", button("say", words[2], words[2])))
}
const say = text => {
  const speech = new SpeechSynthesisUtterance(text), stop = speechSynthesis.speaking
  speech.voice = voice
  speech.lang = voice.lang
  speechSynthesis.cancel()
  if (!stop) speechSynthesis.speak(speech)
}

const show = page => {
  const screen = page => parseInt((page.querySelector("[name=_screen]") || {}).value)
  if (screen(page) > screen(document)) history.pushState(0, "", location.pathname + location.search)
  document.title = page.title
  root.lang = page.documentElement.lang
  one("style").textContent = page.querySelector("style").textContent
  document.body = page.body
  start()
  const first = one("[autofocus]") || one("h1")
  first.tabIndex = -1
  first.focus()
  scrollTo(0, 0)
}
const attempt = () => {
  const sent = waiting
  clearTimeout(timer)
  timer = setTimeout(attempt, pause *= 2)
  fetch(sent[0], {method: "POST", body: sent[1]}).then(answer => answer.text().then(text => {
    if (sent != waiting) return
    const page = new DOMParser().parseFromString(text, "text/html"), ours = page.querySelector("[data-ours]")
    if (answer.status > 428 || answer.ok && !ours) throw page.querySelector(".x p") || 0
    waiting = null
    clearTimeout(timer)
    storage("remove")
    if (ours) return show(page)
    one("#_f").removeAttribute("hidden")
    tell(page.querySelector("h1").textContent)
  })).catch(why => sent == waiting && tell(why.textContent || words[4]))
}
const send = (url, body, text) => {
  waiting = [url, body]
  pause = body instanceof FormData ? 50000 : 5000
  tell(text)
  attempt()
}

const start = () => {
  words = (document.body.dataset.words || "").split("|")
  if (!words[1]) return
  one("main").insertAdjacentHTML("afterbegin", button(-25, "A−", words[0]) + button(25, "A+", words[1]))
  resize(0)
  offerVoice()
}
addEventListener("DOMContentLoaded", () => {
  start()
  if (window.speechSynthesis) speechSynthesis.onvoiceschanged = offerVoice
  const kept = (storage("get") || "").split(" ")
  if (!kept[1]) return
  one("#_f").setAttribute("hidden", "")
  send(kept[0], new URLSearchParams(kept[1]), words[5])
})
addEventListener("click", event => {
  const button = event.target.closest("button")
  if (!button) return
  pressed = button
  const job = button.dataset.job
  if (job == "say") say(button.parentNode.innerText.replace(words[2], ""))
  else if (job) resize(+job)
})
addEventListener("submit", event => {
  const form = event.target, data = new FormData(form), photo = one("[type=file]")
  if (!form.hasAttribute("data-keep")) return
  event.preventDefault()
  if (waiting) return attempt()
  if (pressed && pressed.name) data.append(pressed.name, pressed.value)
  const url = form.getAttribute("action")
  if (photo && photo.value) return send(url, data, words[3])
  if (photo) data.delete(photo.name)
  const text = new URLSearchParams(data)
  storage("set", url + " " + text)
  send(url, text, words[3])
})
addEventListener("online", () => waiting && attempt())
addEventListener("beforeunload", event => {
  if (waiting) event.returnValue = "1"
})
addEventListener("popstate", () => {
  const back = one("[value=back]")
  if (back && !location.hash) back.click()
})
})()
