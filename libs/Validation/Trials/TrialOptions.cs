using System.ComponentModel.DataAnnotations;

namespace Serverless.Validation.Trials;

/// <summary>What a process on trial may take. A model that takes more is refused, and nothing else comes to harm.</summary>
public sealed class TrialOptions
{
    /// <summary>
    /// Most resident memory, runtime included; default 4 GiB, at least 256 MiB, since the runtime alone takes 100 MB. Above it the process
    /// is killed.
    /// </summary>
    [Range(256L << 20, long.MaxValue)]
    public long MaxMemoryBytes { get; set; } = 4L << 30;

    /// <summary>How long a model may take to be opened and to answer a first input; default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan LoadWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A first load that takes longer gives up its turn to the next, and goes on among the long ones; default 10 seconds, where models of
    /// some 100 MB take one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan ShortLoad { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Long first loads at once, 2 by default, beside the two that have a turn: so four processes of <see cref="MaxMemoryBytes"/> each at
    /// most. One more is ended, and its registration answered 503.
    /// </summary>
    [Range(1, 64)]
    public int LongLoads { get; set; } = 2;

    /// <summary>How long a probe, or a batch of 32 items, may take; default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan StepWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long all of a trial may take; default 15 minutes, half of host.json's functionTimeout.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Most time of processors that a process may take, all its threads together; null, the default, is what half of the machine's cores
    /// give in <see cref="Within"/>: 30 minutes of four. After it the kernel ends the process, whatever becomes of the one that started it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan? ProcessorTime { get; set; }

    internal long ProcessorSeconds =>
        (long)Math.Ceiling((ProcessorTime ?? (Within * Math.Max(1, Environment.ProcessorCount / 2.0))).TotalSeconds);

    /// <summary>
    /// Single answers that are timed of each version; default 48. More make p95 steadier and the trial longer; fewer than 16 could not
    /// show that a version is slower.
    /// </summary>
    [Range(16, 10_000)]
    public int TimedAnswers { get; set; } = 48;

    /// <summary>Threads of a model on trial; 0, the default, takes one for each core, as serving does.</summary>
    [Range(0, 1_024)]
    public int Threads { get; set; }

    /// <summary>The program that holds trials; null, the default, is the one that runs. A .dll is started by dotnet.</summary>
    public string? Program { get; set; }
}
