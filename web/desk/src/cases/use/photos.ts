import { inject, onScopeDispose, provide, ref, type InjectionKey, type Ref } from 'vue'
import { problemFrom, type Problem } from '@gridward/engine'
import { blobs } from '@gridward/kit/api'
import { shrink } from '@gridward/kit/photo'

const SENDING: InjectionKey<Ref<number>> = Symbol('sending')

/** How many files of this form are on their way; a form is sent when all have arrived. */
export function provideSending(): Ref<number> {
  const sending = ref(0)
  provide(SENDING, sending)
  return sending
}

export interface Photo {
  key: number
  name: string
  /** Shows the picture; empty for papers and for photos of an earlier visit. */
  preview: string
  /** 0 to 1 while it is on its way. */
  part: number
  sha256: string | null
  problem: Problem | null
  file: File | null
}

let last = 0
const arrivedBefore = (sha256: string): Photo => ({
  key: (last += 1),
  name: sha256.slice(0, 8),
  preview: '',
  part: 1,
  sha256,
  problem: null,
  file: null,
})

/** The photos of one field. Its value are the hashes of those that arrived; what failed stays and can be sent again. */
export function usePhotos(value: Ref<string[]>) {
  const sending = inject(SENDING, ref(0))
  const photos = ref<Photo[]>((value.value ?? []).map(arrivedBefore))
  const cut = new AbortController()
  onScopeDispose(() => {
    cut.abort()
    for (const each of photos.value) if (each.preview) URL.revokeObjectURL(each.preview)
  })

  function tell(): void {
    value.value = [...new Set(photos.value.flatMap((each) => each.sha256 ?? []))]
  }

  async function send(photo: Photo): Promise<void> {
    Object.assign(photo, { problem: null, part: 0 })
    sending.value += 1
    try {
      const { data, name } = await shrink(photo.file!)
      const stored = await blobs.send(data, name, (part) => (photo.part = part), cut.signal)
      Object.assign(photo, { sha256: stored.sha256, part: 1 })
      if (photos.value.includes(photo)) tell()
    } catch (error) {
      photo.problem = problemFrom(error)
    } finally {
      sending.value -= 1
    }
  }

  function add(files: Iterable<File>): void {
    for (const file of files) {
      const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : ''
      photos.value.push({ key: (last += 1), name: file.name, preview, part: 0, sha256: null, problem: null, file })
      void send(photos.value.at(-1)!)
    }
  }

  function remove(photo: Photo): void {
    photos.value = photos.value.filter((each) => each.key !== photo.key)
    if (photo.preview) URL.revokeObjectURL(photo.preview)
    tell()
  }

  return { photos, add, remove, send }
}
