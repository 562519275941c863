using DurableTask.Core;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable.Turns;

/// <summary>A turn of an orchestration or entity as the framework runs it.</summary>
internal sealed class TurnWorkItem : TaskOrchestrationWorkItem
{
    public required ClaimedTurn Claim { get; init; }

    /// <summary>The messages that the turn takes.</summary>
    public required IReadOnlyList<long> Taken { get; init; }

    /// <summary>The place that it takes up among those that run at a time.</summary>
    public required LanePlace Place { get; init; }

    /// <summary>Whether the store knows what became of the turn.</summary>
    public bool IsSettled { get; set; }
}

/// <summary>An activity as the framework runs it.</summary>
internal sealed class ActivityWorkItem : TaskActivityWorkItem
{
    public required ClaimedActivity Claim { get; init; }

    public required LanePlace Place { get; init; }
}

/// <summary>What a turn sends.</summary>
internal sealed record TurnMessages(IEnumerable<TaskMessage> Activities, IEnumerable<TaskMessage> Timers, IEnumerable<TaskMessage> Others)
{
    public static readonly TurnMessages None = new([], [], []);
}
