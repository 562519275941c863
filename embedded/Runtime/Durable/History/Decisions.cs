namespace Serverless.Embedded.Runtime.Durable.History;

/// <summary>
/// What orchestrator code asked for. Decisions are numbered in the order in which the code makes them, which is how a replay
/// is compared with the history and how a result finds its task.
/// </summary>
internal abstract record Decision(int Id) : DurableEvent
{
    /// <summary>What it asks for, in words that two decisions share when they are the same step.</summary>
    public abstract string Describe();

    /// <summary>Whether a replay that decides <paramref name="other"/> here still does what the history says.</summary>
    public bool IsSameStepAs(Decision other) =>
        GetType() == other.GetType() && string.Equals(Describe(), other.Describe(), StringComparison.OrdinalIgnoreCase);
}

internal sealed record ActivityScheduled(
    int Id, string Name, string Version, string? Input, IReadOnlyDictionary<string, string>? Tags) : Decision(Id)
{
    public override string Describe() => $"activity '{Name}'";
}

internal sealed record ChildScheduled(
    int Id, string Name, string Version, string InstanceId, string? Input, IReadOnlyDictionary<string, string>? Tags) : Decision(Id)
{
    public override string Describe() => $"sub-orchestration '{Name}' as '{InstanceId}'";
}

internal sealed record TimerScheduled(int Id, DateTime FireAt) : Decision(Id)
{
    public override string Describe() => "a timer";
}

internal sealed record EventSent(int Id, string InstanceId, string Name, string? Input) : Decision(Id)
{
    public override string Describe() => $"event '{Name}' to '{InstanceId}'";
}
