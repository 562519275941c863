namespace Serverless.Local.Durable;

/// <summary>Settings of the SQLite storage provider. How much runs at a time is set in host.json, as for every provider.</summary>
public sealed class SqliteDurabilityOptions
{
    /// <summary>What host.json calls the provider in <c>storageProvider.type</c>.</summary>
    public const string ProviderType = "sqlite";

    /// <summary>The database; it is made where there is none. Overridden by <c>storageProvider.filePath</c> in host.json.</summary>
    public string FilePath { get; set; } = "durable.db";

    /// <summary>How long a process that hangs keeps its work. The work of one that died is taken over within a poll interval.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often work and results of other processes on the file are looked for.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a turn or an activity may begin without an end, because the process died, before it fails.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>How long work that a worker gave back undone waits before it is handed out again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the running sub-orchestrations of an orchestration that is terminated are terminated too. The extension does not hand
    /// the caller's choice on to a provider.
    /// </summary>
    public bool TerminatesSubOrchestrations { get; set; } = true;

    /// <summary>
    /// Whether entities are handed out apart from orchestrations, as isolated workers expect it; the extension sets it when a worker
    /// says which protocol it speaks. Functions in the host's own process need false.
    /// </summary>
    public bool SeparatesEntities { get; set; } = true;

    /// <summary>Whether the store writes by itself; a simulation says itself when.</summary>
    internal bool HasWriter { get; set; } = true;
}
