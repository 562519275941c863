using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Replay;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

/// <summary>
/// The history of an instance, one event a line as the engine stores it, in <c>tests/Data/histories</c>. A change of
/// orchestrator code that no longer replays the recorded ones would break instances that run while it is deployed.
/// </summary>
internal sealed class RecordedHistory(string instanceId, IReadOnlyList<DurableEvent> events)
{
    public IReadOnlyList<DurableEvent> Events => events;

    public static RecordedHistory Read(string path) =>
        new(Path.GetFileNameWithoutExtension(path), [.. File.ReadLines(path).Where(line => line.Length > 0).Select(DurableJson.ReadEvent)]);

    public void Write(string path) => File.WriteAllLines(path, events.Select(WithoutStackTrace).Select(DurableJson.Write));

    /// <summary>Every prefix of the history, as a crash after any turn would leave it, must lead the code on to the recorded end.</summary>
    public void Replay(OrchestratorFunction code)
    {
        Assert.Equal(Outcome(events[^1]), Outcome(Execute(code, events.Count - 1).Ended));
        for (int length = 1; length < events.Count; length++)
        {
            if (events[length] is TurnStarted)
                Assert.Null(Execute(code, length).Ended);
        }
    }

    // A stack trace names the machine that recorded it.
    private static DurableEvent WithoutStackTrace(DurableEvent item) => item switch
    {
        ActivityFailed failed => failed with { Failure = failed.Failure with { StackTrace = null } },
        ChildFailed failed => failed with { Failure = failed.Failure with { StackTrace = null } },
        _ => item,
    };

    private OrchestrationExecution Execute(OrchestratorFunction code, int length)
    {
        DurableRegistry registry = new DurableRegistry().AddOrchestrator(events.OfType<ExecutionStarted>().Single().Name, code);
        OrchestrationExecution execution = new(instanceId, 1, registry, JsonDataConverter.Default, "", NullLoggerFactory.Instance);
        execution.Replay([.. events.Take(length), .. events.Skip(length).Take(1).OfType<ExecutionCompleted>()]);
        return execution;
    }

    private static string? Outcome(DurableEvent? end) =>
        end is ExecutionCompleted { } done ? $"{done.Status} {done.Output}" : null;
}
