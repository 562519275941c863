using System.Globalization;
using Serverless.Captures;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout.Guards;
using Serverless.Rollout.Shadow;
using Serverless.Storage;

namespace Serverless.Orchestrations.Promotion;

public sealed record DiffInput(PromotionTarget Target, string Step, DateTimeOffset Since, GuardLimits Guards);

/// <param name="Report">Its name among the version's reports.</param>
public sealed record DiffAnswer(string Report, IReadOnlyList<string> Problems, string Summary);

/// <summary>
/// Compares a version's answers to mirrored requests with those of what serves. A report's key is the promotion and the step. Thread-safe.
/// </summary>
public sealed class DifferenceReports(CaptureReader captures, ModelReports reports, TimeProvider time)
{
    public async Task<DiffAnswer> WriteAsync(DiffInput input, CancellationToken cancellationToken)
    {
        PromotionTarget target = input.Target;
        int reference = target.Before ?? throw new ArgumentException("There is nothing to compare the version with.", nameof(input));
        DateTimeOffset until = time.GetUtcNow();
        DateTimeOffset from = until - input.Since > CaptureReader.MaxWindow ? until - CaptureReader.MaxWindow : input.Since;
        DiffBuilder builder = new(input.Guards.MinCosine);
        await foreach (CaptureRecord line in captures.ReadAsync(target.Model, target.Version, from, until, cancellationToken))
        {
            if (line.Environment == target.Environment && line.Comparison?.Reference == reference)
            {
                builder.Add(line);
            }
        }

        DiffReport report = builder.Build(target.Model, target.Environment, target.Version, reference, from, until);
        report = report with { Problems = [.. DiffGate.Problems(report, input.Guards)] };
        string name = $"differences/{target.Promotion}-{input.Step}.json";
        using Stream content = StoredJson.Write(report).ToStream();
        await reports.WriteAsync(new ModelVersion(target.Model, target.Version), name, content, StoredJson.ContentType, cancellationToken);
        return new DiffAnswer(name, report.Problems, Summary(report));
    }

    private static string Summary(DiffReport report) =>
        report.Agreement is { } agreement
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Pairs} mirrored requests, the same answer to {agreement * 100:0.##} % of {report.Compared}."
            )
            : $"{report.Pairs} mirrored requests.";
}
