namespace Serverless.Orchestrations.Operations;

/// <summary>Names who alone starts runs of an orchestrator, since more is checked there than that the input can be read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StartedByAttribute(params string[] starters) : Attribute
{
    /// <summary>Each a route, or "the settings …".</summary>
    public IReadOnlyList<string> Starters { get; } = starters;

    /// <summary>Whether an operator may begin a run anew with the input that was checked when it was started.</summary>
    public bool MayRestart { get; init; }
}
