using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Judging;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation;

/// <summary>The steps of a validation. Each may be done again: it settles, or writes, the same. Thread-safe.</summary>
public sealed class ModelValidation(
    ModelRegistry registry,
    PackageCache packages,
    ModelAliases aliases,
    ModelReports reports,
    GoldenSets golden,
    TrialRunner trials,
    WatermarkSets watermarks,
    ValidationOptions options,
    TimeProvider time
)
{
    private const long MaxTrialBytes = 256 << 20;
    private const string TrialFile = "trial.json";

    /// <summary>
    /// Settles what is compared with what by what, after the package was compared with its digests and, where demanded, its signature.
    /// </summary>
    public async Task<ValidationFacts> CheckAsync(
        string report,
        string model,
        int version,
        string environment,
        CancellationToken cancellationToken
    )
    {
        ModelVersion id = new(model, version);
        ModelManifest? manifest = null;
        Gate gate;
        try
        {
            manifest = await registry.FindAsync(id, cancellationToken);
            await packages.FetchAsync(id, environment, cancellationToken);
            gate = new Gate(
                "digest",
                true,
                "as registered",
                "the bytes that were registered, signed where the environment demands it",
                $"All {manifest!.Files.Count} files are those that were registered."
            );
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.Missing or RegistryFault.Corrupt or RegistryFault.Unsigned)
        {
            gate = new Gate(
                "digest",
                false,
                e.Fault.ToString().ToLowerInvariant(),
                "the bytes that were registered, signed where the environment demands it",
                e.Message
            );
        }
        if (manifest is null)
        {
            return new ValidationFacts(report, model, version, environment, Exists: false, null, default, null, null, gate);
        }
        ModelAlias? serving = await aliases.FindAsync(environment, model, cancellationToken);
        return new ValidationFacts(
            report,
            model,
            version,
            environment,
            Exists: true,
            manifest.Digest,
            manifest.Task,
            serving?.Version == version ? null : serving?.Version,
            await golden.FindAsync(environment, model, manifest.Task, cancellationToken),
            gate
        );
    }

    /// <summary>Tries the version beside what serves and keeps what was seen; a trial that was kept is not held again.</summary>
    public async Task TryAsync(ValidationFacts facts, CancellationToken cancellationToken)
    {
        if (await reports.OpenAsync(facts.Id, NameOf(facts, TrialFile), cancellationToken) is { } kept)
        {
            await kept.Content.DisposeAsync();
            return;
        }
        string folder = Directory.CreateTempSubdirectory("trial-").FullName;
        try
        {
            TrialRecord record = await trials.RunAsync(
                await PlanAsync(facts, folder, cancellationToken),
                new CostGates(options.Gates, options.Trial).IsSlow,
                cancellationToken
            );
            await WriteAsync(facts, TrialFile, StoredJson.Write(record), StoredJson.ContentType, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Judges what the trial saw, and writes the report.</summary>
    public async Task<ValidationResult> JudgeAsync(ValidationFacts facts, CancellationToken cancellationToken)
    {
        TrialRecord? trial = facts.DigestGate.Passed ? await ReadTrialAsync(facts, cancellationToken) : null;
        IReadOnlyList<GoldenItem> items =
            trial is null || facts.Golden is null
                ? []
                : GoldenReader.Read(
                    (await golden.ReadAsync(facts.Golden.Scope, facts.Golden.Digest, cancellationToken)).ToMemory(),
                    facts.Task
                );
        ValidationReport report = new Judge(options).Decide(facts, items, trial, time.GetUtcNow());
        if (facts.Exists)
        {
            await WriteAsync(facts, "report.json", StoredJson.Write(report), StoredJson.ContentType, cancellationToken);
            await WriteAsync(
                facts,
                "report.html",
                BinaryData.FromString(ReportPage.Write(report)),
                "text/html; charset=utf-8",
                cancellationToken
            );
            if (report.Sides is [{ Milliseconds.Count: > 0 } own, ..])
            {
                await reports.WriteLatencyAsync(
                    facts.Id,
                    new MeasuredLatency(own.P50Milliseconds, own.P95Milliseconds, own.P99Milliseconds, report.Host!.Machine, report.At),
                    cancellationToken
                );
            }
        }
        return new ValidationResult(
            report.Passed,
            [.. report.Gates.Where(g => !g.Passed).Select(g => g.Sentence)],
            report.Gates,
            facts.Exists ? NameOf(facts, "report.html") : null
        );
    }

    private async Task<TrialPlan> PlanAsync(ValidationFacts facts, string folder, CancellationToken cancellationToken)
    {
        ModelVersion? serving = facts.Serving is { } version ? new(facts.Model, version) : null;
        string candidateFolder = await packages.FetchAsync(facts.Id, facts.Environment, cancellationToken);
        string? servingFolder = serving is null ? null : await FetchServingAsync(serving, cancellationToken);
        (IReadOnlyList<WatermarkSet> sets, IReadOnlyList<WatermarkFinding> untried) = await watermarks.GatherAsync(
            facts,
            candidateFolder,
            folder,
            cancellationToken
        );
        TrialPlan plan = new(facts.Id, candidateFolder, serving, servingFolder, facts.Task, null, 0)
        {
            Watermarks = sets,
            Untried = untried,
        };
        if (facts.Golden is null)
        {
            return plan;
        }
        BinaryData lines = await golden.ReadAsync(facts.Golden.Scope, facts.Golden.Digest, cancellationToken);
        string file = Path.Combine(folder, "golden.jsonl");
        IReadOnlyList<GoldenItem> items = GoldenReader.Read(lines.ToMemory(), facts.Task);
        await golden.WriteAsync(file, facts.Task, lines, items, cancellationToken);
        return plan with { GoldenFile = file, GoldenItems = facts.Golden.Items };
    }

    /// <summary>Null where what serves was damaged in the storage: its replacement must not be kept out by that.</summary>
    private async Task<string?> FetchServingAsync(ModelVersion serving, CancellationToken cancellationToken)
    {
        try
        {
            return await packages.FetchAsync(serving, cancellationToken);
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.Corrupt or RegistryFault.Missing)
        {
            return null;
        }
    }

    private async Task<TrialRecord> ReadTrialAsync(ValidationFacts facts, CancellationToken cancellationToken)
    {
        (Stream content, _) = await reports.OpenAsync(facts.Id, NameOf(facts, TrialFile), cancellationToken)
            ?? throw new InvalidOperationException($"The trial {facts.Report} of {facts.Id} was not kept.");
        await using (content)
        {
            BinaryData data = await BinaryData.FromStreamAsync(content, cancellationToken);
            return data.ToMemory().Length <= MaxTrialBytes
                ? StoredJson.Read<TrialRecord>(data)
                : throw new InvalidDataException(
                    $"The trial {facts.Report} has {data.ToMemory().Length} bytes; allowed are {MaxTrialBytes}."
                );
        }
    }

    private async Task WriteAsync(
        ValidationFacts facts,
        string file,
        BinaryData data,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        using Stream body = data.ToStream();
        await reports.WriteAsync(facts.Id, NameOf(facts, file), body, contentType, cancellationToken);
    }

    private static string NameOf(ValidationFacts facts, string file) => $"{facts.Report}/{file}";
}
