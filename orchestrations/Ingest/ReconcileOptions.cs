namespace Serverless.Orchestrations.Ingest;

public sealed class ReconcileOptions
{
    /// <summary>An upload without a ledger entry is left alone for so long, 1 minute by default: its event may be under way.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What has been processing for so long without a change is looked into, 15 minutes by default.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(15);

    public IEnumerable<string> Validate()
    {
        if (Grace < TimeSpan.Zero)
        {
            yield return $"Reconcile:Grace is {Grace}; allowed is zero or more.";
        }
        if (StuckAfter < TimeSpan.Zero)
        {
            yield return $"Reconcile:StuckAfter is {StuckAfter}; allowed is zero or more.";
        }
    }
}
