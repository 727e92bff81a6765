// One writer. Two open windows of the app would overwrite each other's records, so only one of them works at a time.

const NAME = "minyi-audit"

// Resolves to true when this window is the one, false if another is. `taken` is called when another window takes over.
export const claim = (taken, {steal = false} = {}) => new Promise((resolve, reject) => {
  const options = steal ? {steal: true} : {ifAvailable: true}
  navigator.locks.request(NAME, options, lock => {
    resolve(Boolean(lock))
    return lock ? new Promise(() => {}) : undefined // held until the window is closed or another one steals it
  }).catch(error => {
    if (error.name === "AbortError") taken()
    else reject(error)
  })
})
