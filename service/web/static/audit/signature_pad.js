// Signing on the glass, by finger, pen or mouse; or, for whoever cannot, by typing the name and saying why.

import {button, fresh, h, labelled} from "./dom.js"
import {blobOf, sha256} from "./photos.js"
import {say} from "./words.js"

const WIDTH = 640, HEIGHT = 240, LEAST_LENGTH = 60 // a dot is no signature

// {element, signature() -> {content, size, sha256, content_type, reason} or null while there is none}
export const signaturePad = title => {
  const canvas = h("canvas", {width: String(WIDTH), height: String(HEIGHT), class: "pad", role: "img", "aria-label": title})
  const pen = canvas.getContext("2d")
  let drawn = 0, last = null
  const clear = () => {
    drawn = 0
    pen.fillStyle = "#fff"
    pen.fillRect(0, 0, WIDTH, HEIGHT)
  }
  const at = event => {
    const box = canvas.getBoundingClientRect()
    return [(event.clientX - box.left) * WIDTH / box.width, (event.clientY - box.top) * HEIGHT / box.height]
  }
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId)
    last = at(event)
  })
  canvas.addEventListener("pointermove", event => {
    if (!last) return
    const here = at(event)
    pen.strokeStyle = "#000"
    pen.lineWidth = 4
    pen.lineCap = "round"
    pen.beginPath()
    pen.moveTo(...last)
    pen.lineTo(...here)
    pen.stroke()
    drawn += Math.hypot(here[0] - last[0], here[1] - last[1])
    last = here
  })
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { last = null })
  clear()
  const name = h("input", {type: "text", maxlength: "80", autocomplete: "off"})
  const why = h("input", {type: "text", maxlength: "200", autocomplete: "off"})
  const typing = h("div", {hidden: true, id: fresh("typed")}, labelled(say("typed_name"), name), labelled(say("typed_reason"), why))
  const toggle = button(say("type_instead"), () => {
    typing.hidden = !typing.hidden
    canvas.hidden = !typing.hidden
    toggle.setAttribute("aria-expanded", String(!typing.hidden))
  }, {class: "small", "aria-expanded": "false", "aria-controls": typing.id})
  const element = h("div", {class: "signing"}, canvas, typing, button(say("clear_signature"), clear, {class: "small"}), toggle)

  const write = () => {
    clear()
    pen.fillStyle = "#000"
    pen.font = "40px sans-serif"
    pen.fillText(name.value.trim(), 20, HEIGHT / 2, WIDTH - 40)
  }
  const signature = async () => {
    const typed = !typing.hidden
    if (typed ? !name.value.trim() || !why.value.trim() : drawn < LEAST_LENGTH) return null
    if (typed) write()
    const content = await (await blobOf(canvas, "image/png")).arrayBuffer()
    return {content, size: content.byteLength, sha256: await sha256(content), content_type: "image/png", reason: typed ? why.value.trim() : ""}
  }
  return {element, signature}
}
