namespace Serverless.Local.Queues;

/// <summary>When a message that failed comes again, and when it is given up.</summary>
internal sealed class QueueOptions
{
    /// <summary>Deliveries before a message becomes a dead letter.</summary>
    public int MaxReceiveCount { get; set; } = int.MaxValue;

    /// <summary>How long a message that failed once stays hidden; doubled for each further failure.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a message which failed stays hidden.</summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromMinutes(1);
}
