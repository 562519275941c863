using Serverless.Drift.Summaries;

namespace Serverless.Drift.Checks;

/// <summary>
/// Holds a window against its reference and keeps the report. The same check again gives the same report. Evidence over looks is the
/// timer's alone: a check that is asked for reads and leaves none. Thread-safe.
/// </summary>
public sealed class DriftCheck(DriftStore drift, WindowReader windows, DriftLimits limits, TimeProvider time)
{
    private const int MaxFindings = 2_000;

    /// <param name="request">Its hours are summarised, and those of a previous window.</param>
    /// <param name="validated">Null of a version that was never validated.</param>
    public async Task<DriftReport> RunAsync(DriftCheckRequest request, ValidatedQuality? validated, CancellationToken cancellationToken)
    {
        DriftSubject subject = request.Subject;
        if (await drift.FindReportAsync(subject, request.Name(), cancellationToken) is { } known)
        {
            await AddEvidenceAsync(request, known, cancellationToken);
            return known;
        }
        WindowSummary current = await windows.ReadAsync(subject, request.Window, hours: null, cancellationToken);
        WindowSummary? reference = await FindReferenceAsync(request, current, validated, cancellationToken);
        DriftEvidence evidence = request.Asked
            ? DriftEvidence.None
            : await drift.ReadEvidenceAsync(subject, request.Reference, cancellationToken);
        DriftJudgement judged = DriftJudge.Judge(
            reference?.Traffic ?? TrafficSummary.OfWindow(),
            current.Traffic,
            limits,
            evidence,
            isPartial: request.Reference == DriftReference.Validation
        );
        DriftReport report = Report(request, current, reference, judged);
        report = report with { Current = await EstimateAsync(report.Current, current, request, validated, cancellationToken) };
        report = report with { Quality = validated is null ? null : QualityComparison.Of(validated, report.Current.Quality) };
        DriftReport stands = await drift.AddReportAsync(subject, report, cancellationToken);
        await AddEvidenceAsync(request, stands, cancellationToken);
        return stands;
    }

    private Task AddEvidenceAsync(DriftCheckRequest request, DriftReport report, CancellationToken cancellationToken) =>
        request.Asked
            ? Task.CompletedTask
            : drift.AddEvidenceAsync(request.Subject, request.Reference, report.Name, SumsOf(report), cancellationToken);

    /// <summary>What the scores say of the accuracy, by the answers to the golden set where they are kept.</summary>
    private async Task<DriftSide> EstimateAsync(
        DriftSide side,
        WindowSummary current,
        DriftCheckRequest request,
        ValidatedQuality? validated,
        CancellationToken cancellationToken
    )
    {
        StoredWindow? golden =
            validated is null || side.Quality?.EstimatedAccuracy is null
                ? null
                : await drift.FindGoldenAsync(request.Subject, validated.Golden, cancellationToken);
        return AccuracyEstimate.Calibrated(side, current.Traffic.All, golden is null ? null : WindowSummary.Of(golden).Traffic.All);
    }

    /// <summary>Null where there is nothing yet to hold a window against: this window may be what later ones are held against.</summary>
    private async Task<WindowSummary?> FindReferenceAsync(
        DriftCheckRequest request,
        WindowSummary current,
        ValidatedQuality? validated,
        CancellationToken cancellationToken
    )
    {
        if (request.Reference == DriftReference.Validation)
        {
            return validated is not null && await drift.FindGoldenAsync(request.Subject, validated.Golden, cancellationToken) is { } golden
                ? WindowSummary.Of(golden)
                : null;
        }
        if (request.Reference == DriftReference.Previous)
        {
            return await windows.ReadAsync(request.Subject, request.Previous(), request.HoursOfReference(), cancellationToken);
        }
        PinnedReference? pinned = await drift.FindReferenceAsync(request.Subject, cancellationToken);
        if (pinned is null || IsOutgrown(pinned, request))
        {
            await PinFirstAsync(request, current, pinned, cancellationToken);
            return null;
        }
        return request.HoursOfReference() is { } hours
            ? await windows.ReadAsync(request.Subject, pinned.Window.Window, hours, cancellationToken)
            : WindowSummary.Of(pinned.Window);
    }

    /// <summary>
    /// Pins the first window with enough predictions; of hours that are alike the first whole day or week, which begins with enough of them
    /// as well.
    /// </summary>
    private async Task PinFirstAsync(
        DriftCheckRequest request,
        WindowSummary current,
        PinnedReference? outgrown,
        CancellationToken cancellationToken
    )
    {
        if (current.Traffic.All.Answered < limits.MinPredictions || request.AsOf is not null)
        {
            return;
        }
        WindowSummary first = current;
        if (request.FirstReference() is var whole && whole != request.Window)
        {
            DriftWindow begin = new(whole.From, whole.From + request.Window.Length);
            WindowSummary earliest = await windows.ReadAsync(request.Subject, begin, hours: null, cancellationToken);
            if (earliest.Traffic.All.Answered < limits.MinPredictions)
            {
                return;
            }
            first = await windows.ReadAsync(request.Subject, whole, hours: null, cancellationToken);
        }
        PinnedReference reference = new(first.ToStored(), By: null, "The first window with enough predictions.", time.GetUtcNow());
        if (outgrown is not null)
        {
            await drift.ForgetEvidenceAsync(request.Subject, cancellationToken);
        }
        await drift.PinFirstAsync(request.Subject, reference, outgrown, cancellationToken);
    }

    /// <summary>
    /// Whether a reference that pinned itself lacks the like of some hours, as it is from before the setting. What people pinned stays.
    /// </summary>
    private static bool IsOutgrown(PinnedReference pinned, DriftCheckRequest request) =>
        pinned.By is null && !request.Asked && !request.IsCoveredBy(pinned.Window.Window);

    private DriftReport Report(DriftCheckRequest request, WindowSummary current, WindowSummary? reference, DriftJudgement judged) =>
        new()
        {
            Name = request.Name(),
            Environment = request.Subject.Environment,
            Model = request.Subject.Model,
            Version = request.Subject.Version,
            Created = time.GetUtcNow(),
            Verdict = judged.Verdict,
            Current = DriftSides.Of(current),
            Reference = reference is null ? null : DriftSides.Of(reference),
            ReferenceKind = request.Reference,
            Likeness = request.Likeness,
            Streams = judged.Streams,
            Threshold = judged.Threshold,
            LooksBetweenFalseAlarms = judged.LooksBetweenFalseAlarms,
            Findings = [.. judged.Findings.Take(MaxFindings)],
            LeftOut = Math.Max(0, judged.Findings.Count - MaxFindings),
        };

    /// <summary>What a look adds to each stream; an alarm begins anew.</summary>
    private static Dictionary<string, double> SumsOf(DriftReport report) =>
        report
            .Findings.Where(finding => finding.P is not null)
            .ToDictionary(finding => finding.Stream(), finding => finding.Verdict == DriftVerdict.Alarm ? 0 : finding.Evidence);
}
