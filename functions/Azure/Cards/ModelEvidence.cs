using System.Text.Json;
using Serverless.Cards;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;

namespace Serverless.Functions.Azure.Cards;

/// <summary>What was found out about a version, and what people decided, since it was registered. Thread-safe.</summary>
public sealed class ModelEvidence(
    ModelReports reports,
    ModelAliases aliases,
    DeploymentHistory history,
    DriftStore drift,
    GoldenSets golden,
    RegistryOptions options
)
{
    private const string ReportSuffix = "/report.json";
    private const int MaxReportBytes = 16 << 20;
    private const int MaxReportsRead = 20;
    private const int MaxDriftReports = 30;

    internal async Task<CardSection> PerformanceAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        List<GoldenPointer> sets = [];
        foreach (string environment in options.Environments)
        {
            if (await golden.FindAsync(environment, manifest.Name, manifest.Task, cancellationToken) is { } pointer)
            {
                sets.Add(pointer);
            }
        }
        return ValidationSections.Performance(
            manifest,
            await ReadValidationsAsync(manifest.Id, cancellationToken),
            sets,
            await reports.FindLatencyAsync(manifest.Id, cancellationToken)
        );
    }

    internal async Task<CardSection> OversightAsync(ModelVersion id, CancellationToken cancellationToken)
    {
        List<HistoryRecord> records = [];
        List<string> faults = [];
        foreach (string environment in options.Environments)
        {
            try
            {
                records.AddRange((await history.ListAsync(environment, id.Name, cancellationToken)).Where(record => IsAbout(record, id)));
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
            {
                faults.Add(e.Message);
            }
        }
        return RecordSections.Oversight(records, faults);
    }

    internal async Task<IReadOnlyList<ModelAlias>> AliasesAsync(ModelVersion id, CancellationToken cancellationToken)
    {
        List<ModelAlias> serving = [];
        foreach (string environment in options.Environments)
        {
            try
            {
                if (await aliases.FindAsync(environment, id.Name, cancellationToken) is { } alias && alias.Version == id.Version)
                {
                    serving.Add(alias);
                }
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
            {
                // The section of records says so.
            }
        }
        return serving;
    }

    internal async Task<CardSection> MonitoringAsync(ModelVersion id, CancellationToken cancellationToken)
    {
        List<DriftReport> found = [];
        foreach (string environment in options.Environments)
        {
            DriftSubject subject = new(environment, id.Name, id.Version);
            foreach (string name in await drift.ListAsync(subject, MaxDriftReports, cancellationToken))
            {
                if (await drift.FindReportAsync(subject, name, cancellationToken) is { } report)
                {
                    found.Add(report);
                }
            }
        }
        return ServingSections.Monitoring(found);
    }

    internal async Task<CardSection> RecordsAsync(ModelVersion id, CancellationToken cancellationToken)
    {
        List<(string Environment, HistoryVerdict Verdict)> chains = [];
        foreach (string environment in options.Environments)
        {
            chains.Add((environment, await history.VerifyAsync(environment, id.Name, cancellationToken)));
        }
        return RecordSections.Records(chains, await reports.ListAsync(id, cancellationToken));
    }

    /// <summary>The latest of each environment.</summary>
    private async Task<IReadOnlyList<ValidationReport>> ReadValidationsAsync(ModelVersion id, CancellationToken cancellationToken)
    {
        Dictionary<string, ValidationReport> latest = [];
        IEnumerable<ReportEntry> entries = (await reports.ListAsync(id, cancellationToken))
            .Where(entry => entry.Name.EndsWith(ReportSuffix, StringComparison.Ordinal) && entry.Bytes <= MaxReportBytes)
            .OrderByDescending(entry => entry.At)
            .Take(MaxReportsRead);
        foreach (ReportEntry entry in entries)
        {
            if (
                await reports.ReadAsync(id, entry.Name, MaxReportBytes, cancellationToken) is { } content
                && StoredJson.Read<ValidationReport>(content) is { } report
                && (!latest.TryGetValue(report.Environment, out ValidationReport? known) || known.At < report.At)
            )
            {
                latest[report.Environment] = report;
            }
        }
        return [.. latest.Values.OrderBy(report => options.Environments.IndexOf(report.Environment))];
    }

    /// <summary>It was moved to, or from, the version, or a note's evidence names it.</summary>
    private static bool IsAbout(HistoryRecord record, ModelVersion id) =>
        record.Event == HistoryEvent.Noted
            ? record.Evidence is { ValueKind: JsonValueKind.Object } evidence
                && evidence.TryGetProperty("version", out JsonElement version)
                && version.ValueKind == JsonValueKind.Number
                && version.TryGetInt32(out int number)
                && number == id.Version
            : record.Version == id.Version || record.From == id.Version;
}
