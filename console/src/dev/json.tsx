// JSON as people read it.
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return <pre class="json" tabIndex={0} role="region" aria-label={label}>{text}</pre>
}

// The beginning of an answer may be cut: it is shown as it is then.
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
