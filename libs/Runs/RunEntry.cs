namespace Serverless.Runs;

/// <summary>As the Durable Task client names them.</summary>
public enum RunStatus
{
    Pending,
    Running,
    Suspended,
    Completed,
    Failed,
    Terminated,
}

/// <summary>What kind of work a run is.</summary>
public enum RunKind
{
    /// <summary>Of the durable engine.</summary>
    Orchestration,

    /// <summary>An object of a bucket that the Lambda function handled, at its latest delivery.</summary>
    Lambda,

    /// <summary>A job of gpu-batch, at its latest hand-out.</summary>
    Job,

    /// <summary>A model version in a process of its own, which a validation holds against its golden set.</summary>
    Trial,
}

/// <summary>
/// What the index knows of one run at one moment, whole: of two entries the later one stands. Texts are the beginnings of what the run
/// store keeps, see <see cref="RunText"/>.
/// </summary>
public sealed record RunEntry
{
    public required string Id { get; init; }

    public RunKind Kind { get; init; }

    /// <summary>Of the orchestration, or of what was done.</summary>
    public required string Name { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>When the run was created, as the run store has it.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the entry was made, by the clock of the process that saw the run.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Null while the run goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What the run means to the pipeline: "quarantined", "rejected", "rolled back", …; null where it does not say.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of the custom status.</summary>
    public string? Stage { get; init; }

    /// <summary>The id of the run that started it, or that waits for it.</summary>
    public string? Parent { get; init; }

    /// <summary>The run's own tags and what it is about, as "name:value"; names of ours are those of <see cref="RunTag"/>.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    /// <summary>What it asked for, as <see cref="RunCalls"/> writes it; null where nobody saw that.</summary>
    public string? Calls { get; init; }

    /// <summary>Null where it asked no model, or does not say.</summary>
    public RunSpent? Spent { get; init; }

    /// <summary>Whether the run store has forgotten it.</summary>
    public bool IsPurged { get; init; }

    public bool HasEnded => Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Terminated;

    public TimeSpan LastingAt(DateTimeOffset now) => (Ended ?? now) - Created;
}
