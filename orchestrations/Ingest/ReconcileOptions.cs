using System.ComponentModel.DataAnnotations;

namespace Serverless.Orchestrations.Ingest;

public sealed class ReconcileOptions
{
    /// <summary>An upload without a ledger entry is left alone for so long, 1 minute by default: its event may be under way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What has been processing for so long without a change is looked into, 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(15);
}
