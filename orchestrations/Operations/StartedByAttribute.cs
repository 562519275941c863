namespace Serverless.Orchestrations.Operations;

/// <summary>Names who alone starts runs of an orchestrator, since more is checked there than that the input can be read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StartedByAttribute(string starter) : Attribute
{
    public string Starter { get; } = starter;
}
