import { ProblemError, problemOf, unreachable } from '@gridward/engine'
import { guard, sentHeaders } from './client'
import type { Blob } from './types'

function body(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Sends one file to the server and tells how much of it has left, 0 to 1. XMLHttpRequest, because fetch does not say
 * how far an upload is. Throws a ProblemError; a cut upload throws an AbortError.
 */
export function upload(file: globalThis.Blob, name: string, onProgress: (part: number) => void, signal: AbortSignal) {
  return new Promise<Blob>((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/blobs')
    for (const [header, value] of sentHeaders('POST')) request.setRequestHeader(header, value)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return done(body(request.responseText) as Blob)
      failed(guard(problemOf(request.status, body(request.responseText))))
    }
    request.onerror = () => failed(new ProblemError(unreachable()))
    request.onabort = () => failed(new DOMException('cut', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', file, name)
    request.send(form)
  })
}
