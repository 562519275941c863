using System.ComponentModel.DataAnnotations;
using Serverless.Serving.OpenInference;

namespace Serverless.Serving;

/// <summary>What callers may ask of the prediction routes.</summary>
public sealed class PredictionOptions
{
    /// <summary>The environment that answers when a request names none; default prod. It must be one of the registry's.</summary>
    [Required]
    public string Environment { get; set; } = "prod";

    /// <summary>
    /// The longest deadline that a request may set by X-Deadline-Ms, and the one of those that set none; default 60 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Texts or documents in one request; default 256.</summary>
    [Range(1, 10_000)]
    public int MaxItems { get; set; } = 256;

    /// <summary>UTF-16 code units of one text; default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxTextCharacters { get; set; } = 100_000;

    /// <summary>Bytes of a JSON body; default 8 MiB.</summary>
    [Range(1_024, 1 << 28)]
    public int MaxJsonBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of an image, sent or found as an asset; default 20 MiB.</summary>
    [Range(1_024, 1 << 28)]
    public int MaxImageBytes { get; set; } = 20 << 20;

    /// <summary>
    /// Images are decoded no larger than fits a square of this side, before the model's own resizing; default 1,280 pixels.
    /// </summary>
    [Range(64, 8_192)]
    public int DecodePixels { get; set; } = 1_280;

    /// <summary>
    /// How long a change of a model's traffic waits until the versions that it names are loaded, while those before go on answering;
    /// default 3 seconds. A change to versions in memory waits for nothing; one to a version that loads for as long is followed, with
    /// Rollout:RefreshEvery, within 4 seconds, as a rollback must be. Later on callers wait for the load: raise it where a change may take
    /// longer, or name the version in Serving:Warm. A promotion with a shadow loads it ahead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LoadPatience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Requests that wait to be mirrored to a shadow version; default 128. What comes when they are that many is not mirrored, and counted.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxPendingMirrors { get; set; } = 128;

    /// <summary>Inputs, in bytes, that are kept for mirroring; default 64 MiB.</summary>
    [Range(1 << 20, 1L << 40)]
    public long MaxPendingMirrorBytes { get; set; } = 64 << 20;

    /// <summary>A mirrored request that takes longer is given up, and counts as the version's fault; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan MirrorDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bounds of the Open Inference Protocol's requests.</summary>
    public ProtocolLimits Protocol { get; set; } = new();
}
