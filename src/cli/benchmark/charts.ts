import { averageRank } from "../../benchmarks/assessments/average-rank.js";
import { averageResult } from "../../benchmarks/assessments/average-result.js";
import { parallelAssessment } from "../../benchmarks/assessments/parallel-assessment.js";
import { groupStudies, type StudyRow } from "../../benchmarks/assessments/study-row.js";
import { drawParallelChart, drawRankChart, drawRegretChart } from "../../plots/regret-chart.js";

export interface Chart {
  readonly file: string;
  readonly svg: string;
}

/** For each problem and number of workers its regret and ranks, and for each problem its regret by workers. */
export function drawCharts(rows: readonly StudyRow[]): Chart[] {
  const contests = groupStudies(rows, ({ problem, workers }) => [problem, workers]);
  const byProblem = groupStudies(rows, ({ problem }) => [problem]);
  return [
    ...contests.flatMap((contest) => {
      const { problem, workers } = contest[0]!;
      const title = workers === 1 ? problem : `${problem}, ${workers} workers`;
      const stem = workers === 1 ? problem : `${problem}-${workers}-workers`;
      return [
        { file: `regret-${stem}.svg`, svg: drawRegretChart(title, averageResult(contest)) },
        { file: `rank-${stem}.svg`, svg: drawRankChart(title, averageRank(contest)) },
      ];
    }),
    ...byProblem.flatMap((group) => {
      const table = parallelAssessment(group);
      const { problem } = group[0]!;
      const hasSeveral = new Set(table.map(({ workers }) => workers)).size > 1;
      return hasSeveral ? [{ file: `workers-${problem}.svg`, svg: drawParallelChart(problem, table) }] : [];
    }),
  ];
}
