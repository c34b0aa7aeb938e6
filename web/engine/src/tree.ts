/** A flat list of areas with parents as a tree, in the order given; an area without a listed parent is a root. */
export interface Flat {
  id: string
  parent: string | null
}

export type Branch<T extends Flat> = T & { children: Branch<T>[] }

export function treeOf<T extends Flat>(items: readonly T[]): Branch<T>[] {
  const nodes = new Map<string, Branch<T>>()
  for (const item of items) nodes.set(item.id, { ...item, children: [] })
  const roots: Branch<T>[] = []
  for (const node of nodes.values()) {
    const parent = node.parent === null ? undefined : nodes.get(node.parent)
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  return roots
}
