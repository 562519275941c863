namespace Serverless.Orchestrations.Retraining.Trainers;

/// <summary>What a trainer is given and what it leaves; gone when disposed.</summary>
internal sealed class TrainerFolders : IDisposable
{
    private readonly string _root;

    public TrainerFolders(string root)
    {
        _root = Path.Combine(root, Path.GetRandomFileName());
        Directory.CreateDirectory(Input);
        Directory.CreateDirectory(Output);
    }

    public string Input => Path.Combine(_root, "input");

    public string Output => Path.Combine(_root, "output");

    public string Data => Path.Combine(Input, "data.parquet");

    public string Card => Path.Combine(Input, "card.json");

    public string Package => Path.Combine(Output, "package");

    public string Lineage => Path.Combine(Output, "lineage.json");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

/// <summary>What a trainer says of what it did, in lineage.json.</summary>
/// <param name="CodeVersion">Of the trainer.</param>
/// <param name="Labels">Rows of each label that it learnt from.</param>
/// <param name="Metrics">As it measured them, by name.</param>
internal sealed record TrainerLineage(
    string? CodeVersion = null,
    IReadOnlyDictionary<string, int>? Labels = null,
    IReadOnlyDictionary<string, double>? Metrics = null
);

/// <summary>A trainer made no version; the message says why.</summary>
internal sealed class TrainerFailedException(string message) : Exception(message);
