using System.Text;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Intervals;

namespace Serverless.Validation.Reports;

/// <summary>
/// A report as a page that people read: the verdict, the gates that decided it, and the numbers as drawings. It runs nothing and fetches
/// nothing.
/// </summary>
internal static class ReportPage
{
    public static string Write(ValidationReport report)
    {
        StringBuilder page = new();
        page.Append(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    + "content=\"width=device-width\"><title>"
            )
            .Append(Text($"{report.Model}/{report.Version} for {report.Environment}"))
            .Append("</title><style>")
            .Append(ReportStyle.Css)
            .Append("</style></head><body><main>");
        WriteHead(page, report);
        WriteGates(page, report);
        WriteMetrics(page, report);
        WriteSlices(page, report);
        WriteCosts(page, report);
        WriteWorse(page, report);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void WriteHead(StringBuilder page, ValidationReport report)
    {
        int failed = report.Gates.Count(g => !g.Passed);
        string verdict = report.Passed
            ? $"Passed all {report.Gates.Count} gates"
            : $"Refused: {failed} of {report.Gates.Count} gates not passed";
        page.Append($"<h1>{Text(report.Model)} <span class=\"version\">version {report.Version}</span></h1>")
            .Append($"<p class=\"verdict {(report.Passed ? "passed" : "failed")}\">{Text(verdict)}</p><dl>");
        Fact(page, "Environment", report.Environment);
        Fact(page, "Serves now", report.Serving is { } serving ? $"version {serving}" : "no other version");
        Fact(page, "Task", report.Task?.ToString() ?? "unknown");
        Fact(page, "Golden set", report.Golden is { } golden ? $"{golden.Scope}, {golden.Items} items, {golden.Digest[..12]}" : "none");
        Fact(page, "Measured on", report.Host is { } host ? $"{host.Machine}, {host.Cores} cores, {host.Provider}" : "not measured");
        Fact(page, "When", $"{report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        Fact(page, "Package", report.Digest ?? "unknown", "wide");
        page.Append("</dl>");
    }

    /// <summary>What was not passed comes first: that is what the reader came for.</summary>
    private static void WriteGates(StringBuilder page, ValidationReport report)
    {
        page.Append(
            "<h2>Gates</h2><table class=\"gates\"><thead><tr><th></th><th>Gate</th><th>Found</th><th>Wanted</th></tr></thead><tbody>"
        );
        foreach (Gate gate in report.Gates.OrderBy(g => g.Passed))
        {
            (string style, string sign) = gate.Passed ? ("passed", "✓") : ("failed", "✗");
            page.Append(
                $"<tr class=\"{style}\"><td class=\"sign\" aria-label=\"{style}\">{sign}</td>"
                    + $"<td><b>{Text(gate.Name)}</b><br>{Text(gate.Sentence)}</td>"
                    + $"<td>{Text(gate.Found)}</td><td>{Text(gate.Wanted)}</td></tr>"
            );
        }
        page.Append("</tbody></table>");
    }

    private static void WriteMetrics(StringBuilder page, ValidationReport report)
    {
        if (report.Metrics.Count == 0)
        {
            return;
        }
        page.Append(
            "<h2>Quality on the golden set</h2><p>A dot is what was measured; the line through it is the confidence interval. "
                + "Dashed lines are thresholds.</p>"
        );
        List<PlotRow> rows = [];
        foreach (MetricFinding metric in report.Metrics)
        {
            rows.Add(new($"{metric.Name}, version {report.Version}", Say(metric.Candidate), metric.Candidate, "candidate"));
            if (metric.Serving is { } serving)
            {
                rows.Add(new($"{metric.Name}, version {report.Serving}", Say(serving), serving, "serving"));
            }
        }
        page.Append(
            Plot.Intervals(
                "Metrics with their intervals",
                rows,
                [.. report.Metrics.Where(m => m.Threshold > 0).Select(m => (m.Threshold, $"threshold of {m.Name}"))]
            )
        );
    }

    private static void WriteSlices(StringBuilder page, ValidationReport report)
    {
        if (report.Metrics.Count == 0 || report.Metrics[0].Difference is null)
        {
            return;
        }
        page.Append(
            $"<h2>Difference to version {report.Serving}</h2><p>Right of zero the candidate is better. The dashed line left of it "
                + $"is the loss that is allowed in a slice; small slices, drawn faint, are not judged.</p>"
        );
        IEnumerable<PlotRow> all = report.Metrics.Select(m => new PlotRow(
            $"all items, {m.Name}",
            Say(m.Difference!.Value),
            m.Difference.Value,
            NonInferiority.Judge(m.Difference.Value, m.Margin) == ComparisonVerdict.NotWorse ? "good" : "bad"
        ));
        IEnumerable<PlotRow> slices = report.Slices.Select(s => new PlotRow(
            $"{s.Field}: {s.Value}",
            $"{Say(s.Difference)}, {s.Items} items",
            s.Difference,
            s.Worse ? "bad"
                : s.Judged ? "good"
                : "faint"
        ));
        page.Append(
            Plot.Intervals(
                "Differences by slice",
                [.. all, .. slices],
                [(0, "no difference"), (-report.Metrics[0].SliceMargin, "allowed loss in a slice")]
            )
        );
    }

    private static void WriteCosts(StringBuilder page, ValidationReport report)
    {
        SideFinding[] timed = [.. report.Sides.Where(s => s.Milliseconds.Count > 0)];
        if (timed.Length == 0)
        {
            return;
        }
        page.Append("<h2>Time and memory</h2><p>Single answers, timed in turns on the same host; the upright line is the median.</p>")
            .Append(
                Plot.Dots(
                    "Milliseconds of single answers",
                    " ms",
                    [
                        .. timed.Select(s =>
                            (
                                $"version {s.Version}",
                                $"median {s.P50Milliseconds:0.0#}, p95 {s.P95Milliseconds:0.0#} ms",
                                s.Milliseconds,
                                s.P50Milliseconds,
                                s.Version == report.Version ? "candidate" : "serving"
                            )
                        ),
                    ]
                )
            )
            .Append(
                "<table><thead><tr><th>Version</th><th>Opened in</th><th>Median</th><th>p90</th><th>p95</th><th>p99</th><th>Peak "
                    + "memory</th></tr></thead><tbody>"
            );
        foreach (SideFinding side in report.Sides)
        {
            page.Append(
                $"<tr><td>{side.Version}</td><td>{side.LoadMilliseconds:0} ms</td><td>{side.P50Milliseconds:0.0#} "
                    + $"ms</td><td>{side.P90Milliseconds:0.0#} ms</td><td>{side.P95Milliseconds:0.0#} "
                    + $"ms</td><td>{side.P99Milliseconds:0.0#} ms</td><td>{side.PeakBytes >> 20:#,0} MB</td></tr>"
            );
        }
        page.Append("</tbody></table>");
    }

    private static void WriteWorse(StringBuilder page, ValidationReport report)
    {
        if (report.Worse.Count == 0)
        {
            return;
        }
        page.Append(
            $"<h2>Items that got worse</h2><table><thead><tr><th>Item</th><th>Wanted</th><th>Version "
                + $"{report.Version}</th><th>Version {report.Serving}</th></tr></thead><tbody>"
        );
        foreach (WorseItem item in report.Worse)
        {
            page.Append(
                $"<tr><td>{Text(item.Id)}</td><td>{Text(item.Wanted)}</td><td>{Text(item.Candidate)}</td><td>{Text(item.Serving)}</td></tr>"
            );
        }
        page.Append("</tbody></table>");
    }

    private static void Fact(StringBuilder page, string name, string value, string style = "") =>
        page.Append($"<div class=\"{style}\"><dt>{Text(name)}</dt><dd>{Text(value)}</dd></div>");

    private static string Say(Interval interval) =>
        double.IsFinite(interval.Value + interval.Low + interval.High)
            ? $"{interval.Value:0.000} ({interval.Low:0.000} to {interval.High:0.000})".Replace('-', '−')
            : "not known";

    private static string Text(string text) => Plot.Escape(text);
}
