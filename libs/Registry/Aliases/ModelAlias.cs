namespace Serverless.Registry;

/// <summary>Which version of a model an environment serves.</summary>
/// <param name="Tag">Changes with every change of the alias and every note in its history; what If-Match compares.</param>
/// <param name="Sequence">Of the record in the history.</param>
public sealed record ModelAlias(
    string Environment,
    string Name,
    int Version,
    string Digest,
    DateTimeOffset At,
    string By,
    string? Why,
    string Tag,
    long Sequence
)
{
    internal static ModelAlias? Of(HistoryHead? head, string environment, string name) =>
        head?.Load(environment, name) is { Version: { } version } record
            ? new(environment, name, version, record.Digest ?? "", record.At, record.By, record.Why, head.Tag, record.Sequence)
            : null;
}

/// <summary>Where an alias is to go, and what the mover believes it to be now.</summary>
/// <param name="Version">Null takes the alias away: nothing serves by it.</param>
public sealed record AliasMove(int? Version, AliasExpectation Expected, string By, string? Why)
{
    public HistoryEvent Event { get; init; } = Version is null ? HistoryEvent.Withdrawn : HistoryEvent.Moved;

    /// <summary>What the decision was taken on.</summary>
    public System.Text.Json.JsonElement? Evidence { get; init; }
}

/// <summary>What must be there for a move to take effect: a version, nothing, or one exact state by its tag.</summary>
public readonly record struct AliasExpectation
{
    /// <summary>No version serves.</summary>
    public static AliasExpectation Nothing => default;

    /// <summary>Some version serves, whichever.</summary>
    public static AliasExpectation Something => new() { IsSomething = true };

    public static AliasExpectation OfVersion(int? version) => new() { Version = version };

    public static AliasExpectation OfTag(string tag) => new() { Tag = tag };

    public int? Version { get; private init; }

    public string? Tag { get; private init; }

    private bool IsSomething { get; init; }

    internal bool Holds(ModelAlias? alias) =>
        IsSomething ? alias is not null
        : Tag is null ? alias?.Version == Version
        : alias?.Tag == Tag;

    public override string ToString() =>
        IsSomething ? "any version"
        : Tag is not null ? $"the tag {Tag}"
        : Version is { } version ? $"version {version}"
        : "nothing";
}
