using System.ComponentModel.DataAnnotations;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>
/// The durable engine's settings. The properties named as in host.json bind from its section <c>extensions:durableTask</c>;
/// their defaults are those of the cloud host.
/// </summary>
internal sealed class DurableEngineOptions
{
    /// <summary>The database's path; the folder is created. Default <c>.data/durable.db</c>.</summary>
    [Required]
    public string DatabasePath { get; set; } = Path.Combine(".data", "durable.db");

    /// <summary>Activities that run at a time. Default ten a processor; raise it when activities mostly wait.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentActivityFunctions { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators whose code runs or is being committed at a time. Default ten a processor.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentOrchestratorFunctions { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>The version of an instance that is started without one. Default none.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>
    /// Idle orchestrations kept in memory between turns, so that they need no replay. Default 1,000; an orchestration beyond
    /// it is read back and replayed when its next event comes.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxIdleExecutions { get; set; } = 1_000;

    /// <summary>How long a stop lets running activities finish before it cancels them. Default 5 s.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);
}
