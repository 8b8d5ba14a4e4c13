/** `2031-04-02T10:00:00.123Z`: UTC, and says so, as --json does. @param time - Milliseconds since 1970. */
export function showTime(time: number): string {
  return new Date(time).toISOString();
}

/** `0:07:40.100000`, `2 days, 1:00:00.000000`. @param duration - Milliseconds, from 0. */
export function showDuration(duration: number): string {
  const seconds = Math.floor(duration / 1000);
  const days = Math.floor(seconds / 86_400);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = `${String(Math.floor(duration % 1000)).padStart(3, "0")}000`;
  return `${days === 0 ? "" : `${days} day${days === 1 ? "" : "s"}, `}${clock}.${fraction}`;
}

/** `0.4 s`, `12 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
