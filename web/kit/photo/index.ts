import { fitWithin, isSentAsIs, jpegName } from '@gridward/engine'

export interface Prepared {
  data: Blob
  name: string
}

async function decode(file: File): Promise<ImageBitmap | null> {
  if (!file.type.startsWith('image/')) return null
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
}

function draw(picture: ImageBitmap): Promise<Blob | null> {
  const { width, height } = fitWithin(picture.width, picture.height)
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const brush = canvas.getContext('2d')
  if (!brush) return Promise.resolve(null)
  // A transparent picture would become black as a JPEG.
  brush.fillStyle = 'white'
  brush.fillRect(0, 0, width, height)
  brush.drawImage(picture, 0, 0, width, height)
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
}

/**
 * A picture as a JPEG of at most 1600 px, so that it travels over a weak line. What is no picture, or none that this
 * browser can read, goes as it is: the server says what it takes.
 */
export async function shrink(file: File): Promise<Prepared> {
  const asIs = { data: file, name: file.name }
  const picture = await decode(file)
  if (!picture) return asIs
  try {
    if (isSentAsIs(file.type, picture.width, picture.height)) return asIs
    const data = await draw(picture)
    return data ? { data, name: jpegName(file.name) } : asIs
  } finally {
    picture.close()
  }
}
