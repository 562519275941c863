namespace Serverless.Orchestrations.Operations;

/// <summary>Names an external event that runs of an orchestrator await. Others are not taken, since nobody would ever read them.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class AwaitsEventAttribute(string name, Type payload) : Attribute
{
    public string Name { get; } = name;

    /// <summary>What it is read as; a payload that is none would fail the run.</summary>
    public Type Payload { get; } = payload;

    /// <summary>Who raises it instead of an operator, since more is checked there; null where an operator may.</summary>
    public string? RaisedBy { get; init; }
}
