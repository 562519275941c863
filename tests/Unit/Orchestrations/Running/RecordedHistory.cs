using System.Runtime.CompilerServices;
using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Xunit;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>
/// The history of an instance, one event of the Durable Task Framework a line, in <c>tests/Data/histories</c>. A change of orchestrator
/// code that no longer replays the recorded ones would break instances that run while it is deployed.
/// </summary>
internal sealed class RecordedHistory(IReadOnlyList<HistoryEvent> events)
{
    private static readonly JsonSerializer Json = JsonSerializer.Create(
        new JsonSerializerSettings
        {
            NullValueHandling = NullValueHandling.Ignore,
            Converters = { new StringEnumConverter() },
            ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
        }
    );

    public static string PathOf(string file) => Path.GetFullPath(Path.Combine(SourceFolder(), "../../../Data/histories", file));

    public static RecordedHistory Read(string file) =>
        new([.. File.ReadLines(PathOf(file)).Where(line => line.Length > 0).Select(ReadEvent)]);

    public void Write(string file) => File.WriteAllLines(PathOf(file), events.Select(WriteEvent));

    /// <summary>Every prefix of the history, as a crash after any turn would leave it, must lead the code on to the recorded end.</summary>
    public void Replay(OrchestrationRegistry registry)
    {
        (int last, HistoryEvent item) = events.Index().Single(item => item.Item is ExecutionCompletedEvent);
        ExecutionCompletedEvent end = (ExecutionCompletedEvent)item;
        Assert.Equal(Describe(end.OrchestrationStatus, end.Result), Execute(registry, last));
        foreach ((int length, _) in events.Index().Take(last).Where(item => item.Item is OrchestratorCompletedEvent))
        {
            Assert.Null(Execute(registry, length));
        }
    }

    /// <summary>How the code ends after so many events; null where it does not.</summary>
    private string? Execute(OrchestrationRegistry registry, int length)
    {
        OrchestrationRuntimeState state = new();
        foreach (HistoryEvent item in events.Take(length).Select(item => ReadEvent(WriteEvent(item))))
        {
            state.AddEvent(item);
        }
        OrchestratorExecutionResult result = RunningInstance.Execute(registry, state);
        return result.Actions.OfType<OrchestrationCompleteOrchestratorAction>().SingleOrDefault() is { } end
            ? Describe(end.OrchestrationStatus, end.Result ?? end.FailureDetails?.ToString())
            : null;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Describe(OrchestrationStatus status, string? result) => $"{status} {result}";

    private static HistoryEvent ReadEvent(string line)
    {
        using JsonTextReader reader = new(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
        JObject item = JObject.Load(reader);
        Type type = typeof(HistoryEvent).Assembly.GetType(
            $"{typeof(HistoryEvent).Namespace}.{(string?)item["EventType"]}Event",
            throwOnError: true
        )!;
        return (HistoryEvent)item.ToObject(type, Json)!;
    }

    private static string WriteEvent(HistoryEvent item)
    {
        JObject line = JObject.FromObject(item, Json);
        line.Remove("ExtensionData");
        line.Remove("IsPlayed");
        (line["FailureDetails"] as JObject)?.Remove("StackTrace"); // names the machine that recorded it
        return line.ToString(Formatting.None);
    }
}
