using System.ComponentModel.DataAnnotations;

namespace Serverless.Functions.Azure.Http.Lanes;

/// <summary>
/// Section <c>Lanes</c>: how many requests of a kind this process works on at a time. One more is answered 429 at once, so that nothing
/// waits where neither deadline nor priority is known yet. A request whose body is still on its way has its place among
/// <see cref="Bodies"/> instead. Whatever is in no lane, health, console, promotions and rollback among it, is bounded by the Functions
/// host alone (host.json, extensions.http), whose limits stand above the sum of these.
/// </summary>
public sealed class LaneOptions
{
    /// <summary>
    /// Predictions, searches and feedback; 256 by default, those among them that wait for a model to load or for their batch.
    /// </summary>
    [Range(1, 10_000)]
    public int Predictions { get; set; } = 256;

    /// <summary>
    /// Bytes of the bodies of predictions, searches and feedback that are held in memory at a time, and of the pictures of assets that
    /// predictions name; 512 MB by default. One more is answered 429. Texts and tensors that are read from them come on top, each within
    /// the limits of its route.
    /// </summary>
    [Range(64L << 20, 64L << 30)]
    public long BodyBytes { get; set; } = 512L << 20;

    /// <summary>
    /// Bodies of each lane, and of the requests that are in none, that are on their way into memory; 256 by default. They hold no place
    /// among the requests that are answered, so that slow ones hold up none that have come: raising it admits more slow senders.
    /// </summary>
    [Range(1, 10_000)]
    public int Bodies { get; set; } = 256;

    /// <summary>
    /// From when a body is waited for until its last byte is in memory; two minutes by default. Whoever takes longer is answered 408.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan BodyWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Uploads and model packages over 1 MiB, or of unknown length, that are streamed to where they belong; 64 by default. They hold no
    /// place among <see cref="Uploads"/>.
    /// </summary>
    [Range(1, 10_000)]
    public int Streams { get; set; } = 64;

    /// <summary>As <see cref="BodyWithin"/>, for those that are streamed; an hour by default, 100 MiB at 30 kB a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StreamWithin { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Pictures of predictions and searches that are decoded or wait for it; 32 by default. As many as there are cores are decoded at a
    /// time, a picture of twelve megapixels in about a tenth of a second: raising it makes callers wait longer before they are refused.
    /// </summary>
    [Range(1, 10_000)]
    public int Pictures { get; set; } = 32;

    /// <summary>
    /// Uploads, model packages and golden sets in the body of a request, once that has come; 64 by default. Each holds a few MB at most.
    /// </summary>
    [Range(1, 10_000)]
    public int Uploads { get; set; } = 64;

    /// <summary>Signed events, whose senders are known only once the body has come; 32 by default.</summary>
    [Range(1, 10_000)]
    public int Events { get; set; } = 32;
}
