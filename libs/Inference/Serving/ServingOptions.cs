using System.ComponentModel.DataAnnotations;
using Serverless.Inference.Serving.Batching;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// Which models are kept in memory, and how their requests are batched. The budgets of text and image batches are the runtime's.
/// </summary>
public sealed class ServingOptions
{
    /// <summary>
    /// Most memory for loaded models, by estimate; default 4 GiB, at most half of what the process may take. Models in use or kept warm are
    /// never pushed out: beyond them, loading fails.
    /// </summary>
    [Range(1L << 20, 1L << 50)]
    public long MemoryBudgetBytes { get; set; } = Math.Min(4L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>
    /// What a model takes, in multiples of its weights' bytes on disk; default 2, since float16 weights are often computed with as float32.
    /// </summary>
    [Range(1.0, 16.0)]
    public double MemoryPerWeightByte { get; set; } = 2;

    /// <summary>What a model takes beside its weights: the graph, the tokenizer, its share of the arena; default 8 MiB.</summary>
    [Range(0, 1L << 40)]
    public long MemoryPerModelBytes { get; set; } = 8L << 20;

    /// <summary>"name/version" of models that are loaded at start and stay.</summary>
    public IList<string> Warm { get; set; } = [];

    /// <summary>How long a failed load is remembered: until then callers get its reason at once. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FailureMemory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a load waits for models in use to become free where memory is short; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RoomWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long reading and opening a model may take, each; default 2 minutes. A load that takes longer is given up, and tried again only
    /// once it has ended.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LoadDeadline { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long one run may take; default 1 minute. A run that takes longer is stopped, and its model is out of service until the run has
    /// ended and FailureMemory has passed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RunDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a model that is closed waits for each of its runs to end by itself; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Elements of raw tensors in one run, inputs counted; default 4,194,304 (16 MB of FP32).</summary>
    [Range(1, 1L << 31)]
    public long MaxBatchElements { get; set; } = 4L << 20;

    /// <summary>
    /// Items in one run; default 1,024. 1 runs each item by itself: nothing waits for company, and under load less is answered.
    /// </summary>
    [Range(1, 1 << 20)]
    public int MaxBatchItems { get; set; } = 1_024;

    /// <summary>
    /// How much may wait for one model, in full batches; default 32. With batches of 50 ms that is 0.8 s of waiting for two runners.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxQueuedBatches { get; set; } = 32;

    /// <summary>
    /// How long an item waits for company while the model is at work; default 5 ms. An idle model never waits. Raising it fills batches
    /// where many run at a time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Batches of one model that run at a time; default 2, so that one's tensors are filled while the other is inferred.</summary>
    [Range(1, 64)]
    public int Runners { get; set; } = 2;

    /// <summary>
    /// How far behind high priority normal requests queue; default 100 ms: one waits for no high one that comes later than that after it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan NormalPatience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>As NormalPatience for low priority; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LowPatience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Bounds on model packages, which are untrusted.</summary>
    public ModelLimits Limits { get; set; } = ModelLimits.Default;

    internal BatchLimits LimitsFor(string unit, long maxCost, int? fixedBatch) =>
        new(
            unit,
            maxCost,
            Math.Min(fixedBatch ?? int.MaxValue, MaxBatchItems),
            MaxQueuedBatches * maxCost,
            MaxDelay,
            Runners,
            NormalPatience,
            LowPatience
        )
        {
            RunDeadline = RunDeadline,
            StopWithin = StopWithin,
        };
}
