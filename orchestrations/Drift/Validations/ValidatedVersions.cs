using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Validation.Reports;

namespace Serverless.Orchestrations.Drift.Validations;

/// <summary>What validations found of versions: the latest report for the environment, else the latest of any. Thread-safe.</summary>
public sealed class ValidatedVersions(ModelReports reports)
{
    private const string Suffix = "/report.json";
    private const int MaxReportBytes = 16 << 20;
    private const int MaxRead = 20; // a version is validated a few times in its life

    /// <summary>Null of a version that no golden set has judged.</summary>
    public async Task<ValidatedQuality?> FindAsync(DriftSubject subject, CancellationToken cancellationToken)
    {
        ModelVersion version = new(subject.Model, subject.Version);
        List<(string Name, ValidationReport Report)> found = [];
        IEnumerable<ReportEntry> latest = (await reports.ListAsync(version, cancellationToken))
            .Where(entry => entry.Name.EndsWith(Suffix, StringComparison.Ordinal))
            .OrderByDescending(entry => entry.At)
            .Take(MaxRead);
        foreach (ReportEntry entry in latest)
        {
            if (
                await reports.ReadAsync(version, entry.Name, MaxReportBytes, cancellationToken) is { } content
                && StoredJson.Read<ValidationReport>(content) is { Metrics.Count: > 0, Golden: not null } report
            )
            {
                found.Add((entry.Name, report));
            }
        }
        return found
            .OrderByDescending(one => one.Report.Environment == subject.Environment)
            .Select(one => Of(one.Name, one.Report))
            .FirstOrDefault();
    }

    private static ValidatedQuality Of(string name, ValidationReport report) =>
        new(name, report.Metrics[0].Key, report.Metrics[0].Candidate, report.Golden!.Digest, report.Golden.Scope, report.At)
        {
            MacroF1 = report.Metrics.FirstOrDefault(metric => metric.Key == "macroF1")?.Candidate,
        };
}
