using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;
using Serverless.Functions.Azure.Runs.Acts;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RewoundHistoryTests
{
    private static readonly HistoryEvent Rewound = new() { EventId = -1, ExecutionRewound = new ExecutionRewoundEvent() };

    /// <summary>As the engine leaves it of a step 1 that was tried three times.</summary>
    private static readonly HistoryEvent[] TriedStep = [Task(0), Done(0), Timer(2), Fired(2), Timer(4), Fired(4), Rewound];

    [Fact]
    public void PausesBetweenTheTries_AreTakenOut() => Assert.Equal([Task(0), Done(0), Rewound], RewoundHistory.Mend(TriedStep));

    /// <summary>Its numbers are those that the pauses had.</summary>
    [Fact]
    public void WhatIsAskedForAfterTheRewind_Stays()
    {
        HistoryEvent[] after = [Task(1), Done(1), Timer(2), Fired(2), Task(3)];

        Assert.Equal([Task(0), Done(0), Rewound, .. after], RewoundHistory.Mend([.. TriedStep, .. after]));
    }

    [Fact]
    public void SecondRewind_OfALaterStep_TakesItsPausesOutToo()
    {
        HistoryEvent[] history = [.. TriedStep, Task(1), Done(1), Timer(3), Fired(3), Rewound];

        Assert.Equal([Task(0), Done(0), Rewound, Task(1), Done(1), Rewound], RewoundHistory.Mend(history));
    }

    [Fact]
    public void TimersBeforeTheFailedStep_Stay()
    {
        HistoryEvent[] history = [Task(0), Done(0), Timer(1), Fired(1), Timer(3), Fired(3), Rewound];

        Assert.Equal([Task(0), Done(0), Timer(1), Fired(1), Rewound], RewoundHistory.Mend(history));
    }

    [Fact]
    public void Request_OfARewoundRun_IsMended_AndAnotherStaysAsItIs()
    {
        OrchestratorRequest rewound = new() { InstanceId = "a", PastEvents = { TriedStep } };
        OrchestratorRequest other = new() { InstanceId = "a", PastEvents = { Task(0), Done(0), Timer(2) } };

        OrchestratorRequest mended = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(RewoundHistory.Mend(Encode(rewound))!));

        Assert.Equal("a", mended.InstanceId);
        Assert.Equal([Task(0), Done(0), Rewound], mended.PastEvents);
        Assert.Null(RewoundHistory.Mend(Encode(other)));
        Assert.Null(RewoundHistory.Mend("no base64"));
        Assert.Null(RewoundHistory.Mend((object?)null));
    }

    private static string Encode(OrchestratorRequest request) => Convert.ToBase64String(request.ToByteArray());

    private static HistoryEvent Task(int id) =>
        new()
        {
            EventId = id,
            TaskScheduled = new TaskScheduledEvent { Name = $"step {id}" },
        };

    private static HistoryEvent Done(int id) =>
        new()
        {
            EventId = -1,
            TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id },
        };

    private static HistoryEvent Timer(int id) => new() { EventId = id, TimerCreated = new TimerCreatedEvent() };

    private static HistoryEvent Fired(int id) =>
        new()
        {
            EventId = -1,
            TimerFired = new TimerFiredEvent { TimerId = id },
        };
}
