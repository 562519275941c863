namespace Serverless.Alerts;

/// <summary>All that lasts, in one document: what changes together is written together.</summary>
/// <param name="Pending">What is active and not open: for less than its rule's time, or since too many are open.</param>
/// <param name="Outbox">What is still to be told.</param>
internal sealed record OpenAlerts(
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<PendingAlert> Pending,
    IReadOnlyList<AlertMute> Mutes,
    IReadOnlyList<AlertDispatch> Outbox
)
{
    public const string Path = "alerts/open.json";
    public const int MaxAlerts = 1_000;
    public const int MaxPending = 1_000;
    public const int MaxMutes = 100;

    /// <summary>What was not told in hours gives way to what is new.</summary>
    public const int MaxOutbox = 200;

    /// <summary>A thousand alerts of full length with all their acts have half of it.</summary>
    public const int MaxBytes = 64 << 20;

    public static OpenAlerts None { get; } = new([], [], [], []);

    public OpenAlerts Post(IEnumerable<AlertDispatch> dispatches) =>
        this with
        {
            Outbox = [.. Outbox.Concat(dispatches).TakeLast(MaxOutbox)],
        };
}

/// <param name="Since">Since when it was active at each look.</param>
internal sealed record PendingAlert(string Rule, string Subject, DateTimeOffset Since)
{
    public (string Rule, string Subject) Key => (Rule, Subject);
}
