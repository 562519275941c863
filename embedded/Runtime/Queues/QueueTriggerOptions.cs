using System.ComponentModel.DataAnnotations;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>host.json's <c>extensions.queues</c>.</summary>
internal sealed class QueueTriggerOptions
{
    /// <summary>Messages taken at a time and run side by side. Default 16.</summary>
    [Range(1, 32)]
    public int BatchSize { get; set; } = 16;

    /// <summary>The next batch is taken when no more than this many messages run, so up to BatchSize + NewBatchThreshold run. Default half a batch.</summary>
    [Range(0, 10_000)]
    public int? NewBatchThreshold { get; set; }

    /// <summary>Deliveries before a message goes to the <c>-poison</c> queue. Default 5.</summary>
    [Range(1, 1_000)]
    public int MaxDequeueCount { get; set; } = 5;

    /// <summary>The longest wait between looks at an empty queue. Default 1 minute; the waits double from 100 ms up to it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MaxPollingInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message stays hidden after its function failed. Default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan VisibilityTimeout { get; set; }

    /// <summary>How message texts carry their bytes. Default base64.</summary>
    public QueueTextEncoding MessageEncoding { get; set; } = QueueTextEncoding.Base64;

    public int Threshold => NewBatchThreshold ?? (BatchSize / 2);
}

internal enum QueueTextEncoding
{
    Base64,
    None,
}
