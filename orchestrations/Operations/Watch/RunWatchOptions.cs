using System.ComponentModel.DataAnnotations;

namespace Serverless.Orchestrations.Operations.Watch;

/// <summary>Section <c>Watch</c>: from when on a run is said to make no progress.</summary>
public sealed class RunWatchOptions
{
    /// <summary>
    /// A run in which nothing has happened for so long, and which waits for nothing, is halted; 5 minutes by default. The engine takes a
    /// turn within seconds, more under load. A timer may be late by as much, and a host that was away is given as long to catch up.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan HaltedAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// An activity may take so long, 35 minutes by default: the host ends a function after 30 (functionTimeout in host.json), and what is
    /// found later has lost its host.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan ActivityLimit { get; set; } = TimeSpan.FromMinutes(35);

    /// <summary>
    /// A job for gpu-batch that is in no queue and that no worker reports for so long is lost, 2 minutes by default. A worker reports every
    /// 20 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:30", "06:00:00")]
    public TimeSpan JobHeartbeatLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Runs listed at a look, 2,000 by default; the next look goes on behind them.</summary>
    [Range(1, 100_000)]
    public int MaxRunsPerLook { get; set; } = 2_000;

    /// <summary>
    /// Histories read at a look, 100 by default, and the rest of a page of as many runs: each is a request, for a long run a large one.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxHistoriesPerLook { get; set; } = 100;
}
