// Taking, showing and removing the photos of a question.

import {alerted, button, h} from "./dom.js"
import {isFull} from "./database.js"
import {NoPhoto, compressed} from "./photos.js"
import {said, say, size} from "./words.js"
import * as records from "./records.js"

export const MOST_PHOTOS = 10

export const photoControl = (question, context) => {
  const {record} = context
  const list = h("ul", {class: "photos"}), told = h("div", {role: "status"})
  const draw = () => list.replaceChildren(...record.media.filter(file => file.question === question.id).map(shown))
  const shown = file => h("li", {}, picture(record, file, said(question.label)), h("span", {}, size(file.size)),
    context.hooks.locked ? null : button(say("remove_photo"), () => remove(file), {class: "small"}))
  const remove = async file => {
    if (!await context.hooks.mayChange(question.id, file.sha256, null)) return
    await records.removeFile(record, file.sha256)
    await context.hooks.filed(question.id)
    context.refresh()
    draw()
  }
  const take = async event => {
    const files = [...event.target.files]
    event.target.value = ""
    told.replaceChildren(say("please_wait"))
    try {
      for (const file of files) await add(question, context, file)
      told.replaceChildren()
    } catch (error) {
      const word = error instanceof NoPhoto ? error.word : isFull(error) ? "photo_no_room" : null
      if (!word) throw error
      told.replaceChildren(alerted(say(word, {n: MOST_PHOTOS})))
    }
    await context.hooks.filed(question.id)
    context.refresh()
    draw()
  }
  const input = h("input", {type: "file", accept: "image/*", capture: "environment", class: "camera", onchange: take})
  draw()
  return h("div", {}, list, told, context.hooks.locked ? null : h("label", {class: "button camera-label"}, input, say("take_photo")))
}

const add = async (question, context, file) => {
  const {record} = context
  if (record.media.filter(each => each.question === question.id).length >= MOST_PHOTOS) throw new NoPhoto("photo_too_many")
  const {content, ...entry} = await compressed(file, question.id)
  if (record.media.some(each => each.sha256 === entry.sha256)) throw new NoPhoto("photo_twice")
  if (!await context.hooks.mayChange(question.id, null, entry.sha256)) return
  await records.addFile(record, {...entry, question: question.id}, content, (next, made) => { next.media = [...next.media, made] })
}

// The picture is decrypted for as long as it is shown.
const picture = (record, file, text) => {
  const image = h("img", {alt: text, loading: "lazy"})
  records.fileOf(record, file.sha256).then(content => {
    if (!content) return image.replaceWith(h("span", {}, say("photo_at_office")))
    image.src = URL.createObjectURL(new Blob([content], {type: file.content_type}))
    image.onload = () => URL.revokeObjectURL(image.src)
  })
  return image
}
