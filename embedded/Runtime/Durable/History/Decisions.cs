using System.Text.Json.Serialization;

namespace Serverless.Embedded.Runtime.Durable.History;

/// <summary>
/// What orchestrator code asked for. Decisions are numbered in the order in which the code makes them, which is how a replay
/// is compared with the history and how a result finds its task.
/// </summary>
internal abstract record Decision(int Id) : DurableEvent
{
    [JsonIgnore]
    public abstract string Subject { get; }

    /// <summary>Whether a replay that decides <paramref name="other"/> here still does what the history says.</summary>
    public bool IsSameStepAs(Decision other) =>
        GetType() == other.GetType() && string.Equals(Subject, other.Subject, StringComparison.OrdinalIgnoreCase);
}

internal sealed record ActivityScheduled(
    int Id, string Name, string Version, string? Input, IReadOnlyDictionary<string, string>? Tags) : Decision(Id)
{
    public override string Subject => $"activity '{Name}'";
}

internal sealed record ChildScheduled(
    int Id, string Name, string Version, string InstanceId, string? Input, IReadOnlyDictionary<string, string>? Tags) : Decision(Id)
{
    public override string Subject => $"sub-orchestration '{Name}' as '{InstanceId}'";
}

internal sealed record TimerScheduled(int Id, DateTime FireAt) : Decision(Id)
{
    public override string Subject => "a timer";
}

internal sealed record EventSent(int Id, string InstanceId, string Name, string? Input) : Decision(Id)
{
    public override string Subject => $"event '{Name}' to '{InstanceId}'";
}
