import { expect, it } from "vitest";
import { workerNews } from "../../src/cli/hunt/worker-news.js";
import { StorageError } from "../../src/errors.js";

it("tells of each time that the database is away, and when it is back", () => {
  const lines: string[] = [];
  const news = workerNews((line) => lines.push(line));
  const away = new StorageError("The database is away.", "", { retryable: true });
  news.recovered(); // of something that was never told
  for (let outage = 0; outage < 2; outage++) {
    news.trouble(away);
    news.trouble(away);
    news.recovered();
    news.recovered();
  }
  const outage = ["Warning: The database is away. Trying again.\n", "The database answers again.\n"];
  expect(lines).toEqual([...outage, ...outage]);
});
