using System.ComponentModel.DataAnnotations;

namespace Serverless.Orchestrations.Ingest;

public sealed class ReconcileOptions
{
    /// <summary>An upload without a ledger entry is left alone for so long, 1 minute by default: its event may be under way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A run at work is given the answer that it may have lost once nothing changed for so long, 15 minutes by default. A run that ended
    /// without a result is followed by the next at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A request waits so long for the reconcile that it asked for, 1 minute by default: App Service ends a request after 230 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:03:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMinutes(1);
}
