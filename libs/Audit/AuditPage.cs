namespace Serverless.Audit;

/// <summary>Which acts a list is of.</summary>
/// <param name="Act">The name of a function.</param>
/// <param name="By">A name or an id.</param>
/// <param name="Target">What its address contains.</param>
/// <param name="Before">Acts asked for before the one of this sequence number.</param>
public sealed record AuditFilter(string? Act = null, string? By = null, string? Target = null, long? Before = null)
{
    internal bool Admits(AuditRecord asked) =>
        (Before is null || asked.Sequence < Before)
        && (Act is null || asked.Act == Act)
        && (By is null || asked.By == By || asked.ById == By)
        && (Target is null || asked.Target?.Contains(Target, StringComparison.Ordinal) == true);
}

/// <param name="Next">The <see cref="AuditFilter.Before"/> of the page after; null at the end.</param>
/// <param name="Faults">Lines of the page that are not as they were written.</param>
public sealed record AuditPage(IReadOnlyList<AuditedAct> Acts, long? Next, int Faults);

/// <summary>An act with what came of it.</summary>
/// <param name="Status">As HTTP counts them; absent while it is at work, and of a process that ended before it had told.</param>
public sealed record AuditedAct(
    long Sequence,
    DateTimeOffset At,
    string Act,
    string Target,
    string? By,
    string? ById,
    string? Why,
    int? Status,
    DateTimeOffset? Ended
);
