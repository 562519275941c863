using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Orchestrations.Ingest;

namespace Serverless.Unit.Orchestrations;

internal static class StartedRuns
{
    /// <summary>The client starts ingest runs, also several at once, and their ids are added to the list.</summary>
    public static void KeepsStartsIn(this Mock<DurableTaskClient> client, List<string> started) =>
        client
            .Setup(one =>
                one.ScheduleNewOrchestrationInstanceAsync(
                    nameof(IngestAsset),
                    It.IsAny<object>(),
                    It.IsAny<StartOrchestrationOptions>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .Callback(
                (TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) =>
                {
                    lock (started)
                    {
                        started.Add(options!.InstanceId!);
                    }
                }
            )
            .ReturnsAsync("started");
}
