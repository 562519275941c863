using System.Diagnostics.Metrics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Runs;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunMeterTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private static readonly HistoryEvent Started = new()
    {
        Timestamp = Timestamp.FromDateTimeOffset(Start),
        ExecutionStarted = new ExecutionStartedEvent { Name = "IngestAsset" },
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RunMeter _meter;
    private readonly MeasuredValues _measured;

    public RunMeterTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        (_meter, _measured) = (new RunMeter(meters), new MeasuredValues(meters));
    }

    public void Dispose()
    {
        _measured.Dispose();
        _meter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void ARun_OfThreeTurns_CountsAsStartedOnce_AndEndsWithItsSeconds()
    {
        TakeTurn(new OrchestratorRequest { NewEvents = { Started } }, end: null);
        TakeTurn(new OrchestratorRequest { PastEvents = { Started }, NewEvents = { new HistoryEvent() } }, end: null);
        TakeTurn(
            new OrchestratorRequest { PastEvents = { Started, new HistoryEvent() }, NewEvents = { new HistoryEvent() } },
            OrchestrationStatus.Completed
        );

        Assert.Equal(["name=IngestAsset: 1"], _measured.Of("serverless.orchestration.started"));
        Assert.Equal(["name=IngestAsset state=completed: 1"], _measured.Of("serverless.orchestration.ended"));
        Assert.Equal(["name=IngestAsset state=completed: 42"], _measured.Of("serverless.orchestration.duration"));
    }

    [Theory]
    [InlineData(OrchestrationStatus.Failed, "failed")]
    [InlineData(OrchestrationStatus.ContinuedAsNew, "continued_as_new")]
    public void AnEnd_IsNamedByItsState(OrchestrationStatus status, string state)
    {
        TakeTurn(new OrchestratorRequest { NewEvents = { Started } }, status);

        Assert.Equal([$"name=IngestAsset state={state}: 1"], _measured.Of("serverless.orchestration.ended"));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("no base64!", "")]
    [InlineData("/////w==", "/////w==")] // base64 of what is no message
    public void WhatIsNoTurn_IsNotCounted(object? asked, object? answered)
    {
        Assert.Null(OrchestrationTurn.Read(asked, answered));
    }

    [Fact]
    public void Activities_TellHowLongTheyTookAndWhetherTheyFailed()
    {
        _meter.ActivityExecuted("AdmitAsset", isOk: true, TimeSpan.FromMilliseconds(250));
        _meter.ActivityExecuted("AdmitAsset", isOk: false, TimeSpan.FromSeconds(2));

        Assert.Equal(
            ["name=AdmitAsset outcome=failed: 2", "name=AdmitAsset outcome=ok: 0.25"],
            _measured.Of("serverless.activity.duration")
        );
    }

    private void TakeTurn(OrchestratorRequest request, OrchestrationStatus? end)
    {
        OrchestratorResponse response = new();
        if (end is { } status)
        {
            response.Actions.Add(
                new OrchestratorAction { CompleteOrchestration = new CompleteOrchestrationAction { OrchestrationStatus = status } }
            );
        }
        OrchestrationTurn turn = Assert.IsType<OrchestrationTurn>(OrchestrationTurn.Read(request.ToBase64(), response.ToBase64()));
        _meter.TurnTaken("IngestAsset", turn, Start.AddSeconds(42));
    }
}

file static class Messages
{
    public static string ToBase64(this IMessage message) => Convert.ToBase64String(message.ToByteArray());
}
