using System.Text.Json;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Orchestrations.Drift.Following;

/// <summary>
/// What has followed from alarms, in the history of the model's environment: which report brought it, and since when the cool-down runs.
/// Thread-safe.
/// </summary>
public sealed class DriftActions(ModelAliases aliases, DeploymentHistory history, DriftOptions options, TimeProvider time)
{
    public const string By = "drift";

    /// <summary>Why nothing may follow for this version; null where it serves.</summary>
    public async Task<string?> FindReplacedAsync(DriftSubject subject, CancellationToken cancellationToken)
    {
        ModelAlias? alias = await aliases.FindAsync(subject.Environment, subject.Model, cancellationToken);
        return alias?.Version == subject.Version
            ? null
            : $"Version {subject.Version} does not serve any more; {alias?.Version.ToString() ?? "none"} does.";
    }

    /// <summary>
    /// Why it is too soon to act again; null where it is not. A report that brought the act before may bring it again. What somebody's own
    /// check brought does not hold back the timer's.
    /// </summary>
    public async Task<string?> FindCoolDownAsync(
        DriftSubject subject,
        string action,
        string report,
        string did,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(subject.Environment, subject.Model, cancellationToken);
        bool isTimed = !DriftCheckRequest.IsAsked(report);
        HistoryRecord? last = records.LastOrDefault(record =>
            NoteOf(record) is { } note && note.Action == action && !(isTimed && DriftCheckRequest.IsAsked(note.Report))
        );
        return last is not null && NoteOf(last)!.Report != report && time.GetUtcNow() - last.At < options.CoolDown
            ? $"{did} at {last.At:u}, less than {options.CoolDown} ago (Drift:CoolDown)."
            : null;
    }

    /// <summary>Once for each report.</summary>
    public async Task NoteAsync(DriftSubject subject, DriftActNote note, string why, CancellationToken cancellationToken)
    {
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(subject.Environment, subject.Model, cancellationToken);
        if (records.Any(record => NoteOf(record) is { } known && (known.Action, known.Report) == (note.Action, note.Report)))
        {
            return;
        }
        JsonElement evidence = JsonSerializer.SerializeToElement(note, StoredJson.Options);
        await history.NoteAsync(subject.Environment, subject.Model, By, why, evidence, cancellationToken);
    }

    private static DriftActNote? NoteOf(HistoryRecord record) =>
        record is { Event: HistoryEvent.Noted, By: By, Evidence: { } evidence }
            ? evidence.Deserialize<DriftActNote>(StoredJson.Options)
            : null;
}

/// <summary>The evidence of an act in the history.</summary>
/// <param name="Action">As in <see cref="DriftDecision"/>.</param>
/// <param name="Run">That does it.</param>
public sealed record DriftActNote(string Action, string Report, string Run);
