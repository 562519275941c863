using System.ComponentModel.DataAnnotations;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>host.json's <c>extensions.blobs</c>.</summary>
internal sealed class BlobTriggerOptions
{
    /// <summary>Blobs that run at a time for each function. Default eight a processor.</summary>
    [Range(1, 10_000)]
    public int MaxDegreeOfParallelism { get; set; } = 8 * Environment.ProcessorCount;

    /// <summary>Attempts at a blob's version before it goes to the poison queue. Default 5.</summary>
    [Range(1, 1_000)]
    public int PoisonBlobThreshold { get; set; } = 5;

    /// <summary>The wait before the second attempt; each further one waits four times as long. Default 1 s, so that five attempts last 85 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}
