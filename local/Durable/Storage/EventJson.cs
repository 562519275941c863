using System.Runtime.CompilerServices;
using DurableTask.Core;
using DurableTask.Core.History;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Serverless.Local.Durable.Storage;

/// <summary>
/// Writes history events and messages as JSON. The kind of an event stands before it, so that no type name of the framework gets
/// into the file and an event is read in one pass.
/// </summary>
internal static class EventJson
{
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(
        new JsonSerializerSettings
        {
            NullValueHandling = NullValueHandling.Ignore,
            ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
            ContractResolver = new EventContracts(),
            DateParseHandling = DateParseHandling.None,
        }
    );

    private static readonly Dictionary<EventType, Type> Types = HistoryEvent.KnownTypes().ToDictionary(KindOf);

    public static string Write(IEnumerable<HistoryEvent> events) =>
        WriteArray(writer =>
        {
            foreach (HistoryEvent item in events)
            {
                WriteEvent(writer, item);
            }
        });

    public static void Read(string json, List<HistoryEvent> events)
    {
        using JsonTextReader reader = Open(json);
        while (reader.Read() && reader.TokenType != JsonToken.EndArray)
        {
            events.Add(ReadEvent(reader));
        }
    }

    /// <summary>The event of a message and the tags that go with an activity; the instance stands beside it in the table.</summary>
    public static string WriteMessage(TaskMessage message) =>
        WriteArray(writer =>
        {
            WriteEvent(writer, message.Event);
            if (message.OrchestrationExecutionContext is { } context)
            {
                Serializer.Serialize(writer, context);
            }
        });

    public static TaskMessage ReadMessage(string json, string instanceId, string? executionId)
    {
        using JsonTextReader reader = Open(json);
        reader.Read();
        return new TaskMessage
        {
            Event = ReadEvent(reader),
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = executionId },
            OrchestrationExecutionContext =
                reader.Read() && reader.TokenType == JsonToken.StartObject
                    ? Serializer.Deserialize<OrchestrationExecutionContext>(reader)
                    : null,
        };
    }

    public static string? WriteValue(object? value) => value is null ? null : JsonConvert.SerializeObject(value);

    public static T? ReadValue<T>(string? json) => json is null ? default : JsonConvert.DeserializeObject<T>(json);

    private static string WriteArray(Action<JsonTextWriter> write)
    {
        StringWriter text = new();
        using JsonTextWriter writer = new(text);
        writer.WriteStartArray();
        write(writer);
        writer.WriteEndArray();
        writer.Flush();
        return text.ToString();
    }

    private static JsonTextReader Open(string json)
    {
        JsonTextReader reader = new(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        reader.Read();
        return reader;
    }

    private static void WriteEvent(JsonTextWriter writer, HistoryEvent item)
    {
        writer.WriteValue((int)item.EventType);
        Serializer.Serialize(writer, item);
    }

    private static HistoryEvent ReadEvent(JsonTextReader reader)
    {
        EventType kind = (EventType)Convert.ToInt32(reader.Value, System.Globalization.CultureInfo.InvariantCulture);
        reader.Read();
        return (HistoryEvent)Serializer.Deserialize(reader, Types[kind])!;
    }

    private static EventType KindOf(Type type) =>
        Enum.TryParse(type.Name[..^"Event".Length], out EventType kind) ? kind : Enum.Parse<EventType>(type.Name);

    // Some events have several constructors and none without arguments; all of an event is in its members.
    private sealed class EventContracts : DefaultContractResolver
    {
        protected override JsonObjectContract CreateObjectContract(Type objectType)
        {
            JsonObjectContract contract = base.CreateObjectContract(objectType);
            if (typeof(HistoryEvent).IsAssignableFrom(objectType))
            {
                contract.OverrideCreator = null;
                contract.DefaultCreator = () => RuntimeHelpers.GetUninitializedObject(objectType);
                contract.DefaultCreatorNonPublic = false;
            }

            return contract;
        }
    }
}
