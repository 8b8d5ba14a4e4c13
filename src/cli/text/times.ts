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
