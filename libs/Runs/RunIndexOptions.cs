using System.ComponentModel.DataAnnotations;

namespace Serverless.Runs;

/// <summary>How the index of runs is kept.</summary>
public sealed class RunIndexOptions
{
    /// <summary>
    /// The most runs that a process holds to list them; default 200,000, about 200 MB. Of more, those created first are left out, which
    /// the list says.
    /// </summary>
    [Range(1_000, 2_000_000)]
    public int MaxRuns { get; set; } = 200_000;

    /// <summary>
    /// What was last seen so long ago is removed from the index, also of a run that still waits; default 90 days. The run store keeps
    /// its runs.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a turn of an orchestration waits until the index has its entry; default 2 seconds. After that the turn goes on and the
    /// entry is still written, unless the process ends first.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitAtMost { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Bytes of a tail; default 128 KiB, of which one write carries half on average. Larger tails make fewer segments and longer writes.
    /// </summary>
    [Range(4 << 10, 4 << 20)]
    public int MaxTailBytes { get; set; } = 128 << 10;

    /// <summary>Entries that wait to be written; default 8,192, at most about 20 MB. What comes when it is full is dropped and logged; the
    /// next look at the run store finds it.</summary>
    [Range(1, 1 << 20)]
    public int MaxPending { get; set; } = 8_192;
}
