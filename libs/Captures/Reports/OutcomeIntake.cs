namespace Serverless.Captures.Reports;

/// <summary>A report that is none that could be taken; the message says why.</summary>
public sealed class OutcomeRejectedException(string message) : Exception(message);

/// <summary>The key of prediction ids cannot be read, so that nobody can say which ids are true; to be tried again.</summary>
public sealed class SealsUnavailableException() : Exception("The key of prediction ids cannot be read; the feedback was not taken.");

/// <summary>Turns reports into captured lines, after holding their ids against the seal. Thread-safe.</summary>
public sealed class OutcomeIntake(PredictionSeals seals, TimeProvider time)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5); // between the clocks of two instances

    /// <param name="environments">Those that there are.</param>
    /// <param name="received">When the report came, which is the line's time.</param>
    /// <exception cref="OutcomeRejectedException"/>
    /// <exception cref="SealsUnavailableException"/>
    public async Task<CaptureRecord> ReadAsync(ReportedOutcome report, ICollection<string> environments, DateTimeOffset received)
    {
        if (report.Fault() is { } fault)
        {
            throw new OutcomeRejectedException(fault);
        }
        if (
            !PredictionId.TryParse(report.PredictionId, out PredictionId? id)
            || !environments.Contains(id.Environment)
            || id.Time > time.GetUtcNow() + Slack
        )
        {
            throw NoId(report);
        }
        return new CaptureRecord
        {
            Kind = CaptureKind.Feedback,
            PredictionId = id.ToString(),
            Time = received,
            Model = id.Model,
            Version = id.Version,
            Environment = id.Environment,
            Arm = id.Arm,
            Feedback = await SummariseAsync(id, report),
        };
    }

    /// <summary>
    /// An id without a seal is of an answer that was given without; anybody can make one up, so that it moves no guardrail.
    /// </summary>
    private async Task<FeedbackSummary> SummariseAsync(PredictionId id, ReportedOutcome report)
    {
        if (id.Seal is null)
        {
            return new FeedbackSummary(report.Value, report.Label, id.Time);
        }
        PredictionSeal seal = await seals.FindAsync() ?? throw new SealsUnavailableException();
        if (!seal.IsSealed(id))
        {
            throw NoId(report);
        }
        bool? correct = report.Label is { } label ? seal.Answered(id, label) : null;
        return new FeedbackSummary(report.Value, report.Label, id.Time, Sealed: true, correct);
    }

    private static OutcomeRejectedException NoId(ReportedOutcome report) =>
        new($"predictionId is '{report.PredictionId}'; expected the id that an answer gave.");
}
