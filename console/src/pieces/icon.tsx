// Few icons, drawn for this page: strokes on a grid of 24.
const paths = {
  call: 'M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3c0 1.5-1 3-3 3C10 20 4 14 3 6c0-2 1.5-3 3-3z',
  mail: 'M3 6h18v12H3zM3 7l9 7 9-7',
  meeting: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
  todo: 'M4 4h16v16H4zM8 12l3 3 5-6',
  task: 'M4 4h16v16H4zM8 12l3 3 5-6',
  comment: 'M4 5h16v11H10l-5 4v-4H4z',
  stage: 'M4 8h11l4 4-4 4H4z',
  log: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7',
  app: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  pin: 'M9 3h6l-1 7 4 3v2H6v-2l4-3zM12 15v6',
  check: 'M4 12l5 6L20 6',
  pen: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  plus: 'M12 4v16M4 12h16',
  close: 'M5 5l14 14M19 5L5 19',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L21 21',
  menu: 'M4 6h16M4 12h16M4 18h16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 4-6 8-6s8 2 8 6',
  clock: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l4 2',
  copy: 'M8 8h12v12H8zM4 16V4h12',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  incoming: 'M19 5L7 17M7 8v9h9',
  columns: 'M4 4h5v16H4zM15 4h5v10h-5zM9.5 4h5v13h-5z',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01'
} as const

export type IconName = keyof typeof paths

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : 'true'}>
      <path d={paths[name]} />
    </svg>
  )
}
