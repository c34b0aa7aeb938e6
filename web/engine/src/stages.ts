/** The seven stages are fixed, so that packs stay comparable; side stages hang beside the rail. */
export const STAGES = [
  'collected',
  'filed',
  'assigned',
  'handling',
  'reported_back',
  'checked',
  'evaluated',
] as const
export const SIDE_STAGES = ['suspended', 'declined', 'void', 'merged'] as const

export type Stage = (typeof STAGES)[number]
export type SideStage = (typeof SIDE_STAGES)[number]

export interface RailStep {
  stage: string
  /** Seconds spent in the stage, null when it was not entered or not left yet. */
  seconds: number | null
  late: boolean
  /** done, current, todo or skipped; anything else is shown as still to do. */
  state: string
}

export type SegmentTone = 'done' | 'current' | 'late' | 'todo' | 'skipped'

export interface RailSegment {
  stage: Stage
  tone: SegmentTone
  /** The stage the case is in now; a late one may also be behind it. */
  current: boolean
  seconds: number | null
  /** How often the work came back; drawn as a notch in the segment that was left backwards. */
  notches: number
}

export function isStage(value: string): value is Stage {
  return (STAGES as readonly string[]).includes(value)
}

export function isSideStage(value: string): value is SideStage {
  return (SIDE_STAGES as readonly string[]).includes(value)
}

function toneOf(step: RailStep): SegmentTone {
  // A case that left the rail (declined, void) was in the stages it spent time in.
  if (step.state === 'todo' && step.seconds !== null) return 'done'
  if (step.state === 'skipped') return 'skipped'
  if (step.state !== 'done' && step.state !== 'current') return 'todo'
  return step.late ? 'late' : step.state
}

/**
 * Seven segments in the fixed order, whatever the server sent: a missing step is still to do.
 * Returned work leaves the assigned segment backwards, so the notch is cut there.
 */
export function railOf(steps: readonly RailStep[], returns = 0): RailSegment[] {
  const byStage = new Map(steps.map((step) => [step.stage, step]))
  return STAGES.map((stage) => {
    const step = byStage.get(stage)
    return {
      stage,
      tone: step ? toneOf(step) : 'todo',
      current: step?.state === 'current',
      seconds: step?.seconds ?? null,
      notches: stage === 'assigned' ? returns : 0,
    }
  })
}

/** A rail for a case of which only the stage is known (lists that carry no rail). */
export function railAt(stage: string): RailSegment[] {
  const at = STAGES.findIndex((each) => each === stage)
  return STAGES.map((each, index) => ({
    stage: each,
    tone: index < at ? 'done' : index === at ? 'current' : 'todo',
    current: index === at,
    seconds: null,
    notches: 0,
  }))
}
