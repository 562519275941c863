using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>
/// One entry as a line of JSON. It is read by hand: a process that just started reads 100,000 lines before it shows the first list, which
/// takes the serializer one second and more, since none of its code is compiled well by then, and this a quarter of that.
/// </summary>
internal static class RunLine
{
    private static readonly byte[][] Kinds = NamesOf<RunKind>();
    private static readonly byte[][] Statuses = NamesOf<RunStatus>();

    public static byte[] Write(RunEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, StoredJson.Options);

    /// <exception cref="JsonException">It is no entry.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RunEntry Read(ReadOnlySpan<byte> line, SharedTexts texts)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            Parts parts = default;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.StartObject, "a line is no object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, ref parts, texts);
            }
            Expect(!reader.Read(), "a line has more than an object");
            return parts.ToEntry();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>What a newer version of the app may have added is passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadMember(ref Utf8JsonReader reader, ref Parts parts, SharedTexts texts)
    {
        switch (reader.ValueSpan)
        {
            case var name when name.SequenceEqual("id"u8):
                parts.Id = TextOf(ref reader);
                break;
            case var name when name.SequenceEqual("kind"u8):
                parts.Kind = (RunKind)IndexOf(ref reader, Kinds);
                break;
            case var name when name.SequenceEqual("name"u8):
                parts.Name = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("status"u8):
                parts.Status = (RunStatus)IndexOf(ref reader, Statuses);
                break;
            case var name when name.SequenceEqual("created"u8):
                parts.Created = TimeOf(ref reader);
                break;
            case var name when name.SequenceEqual("updated"u8):
                parts.Updated = TimeOf(ref reader);
                break;
            case var name when name.SequenceEqual("ended"u8):
                parts.Ended = TimeOf(ref reader);
                break;
            case var name when name.SequenceEqual("tags"u8):
                parts.Tags = TextsOf(ref reader);
                break;
            default:
                ReadOther(ref reader, ref parts, texts);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadOther(ref Utf8JsonReader reader, ref Parts parts, SharedTexts texts)
    {
        switch (reader.ValueSpan)
        {
            case var name when name.SequenceEqual("outcome"u8):
                parts.Outcome = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("stage"u8):
                parts.Stage = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("parent"u8):
                parts.Parent = TextOf(ref reader);
                break;
            case var name when name.SequenceEqual("input"u8):
                parts.Input = TextOf(ref reader);
                break;
            case var name when name.SequenceEqual("output"u8):
                parts.Output = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("customStatus"u8):
                parts.CustomStatus = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("failure"u8):
                parts.Failure = TextOf(ref reader);
                break;
            case var name when name.SequenceEqual("calls"u8):
                parts.Calls = SharedOf(ref reader, texts);
                break;
            case var name when name.SequenceEqual("spent"u8):
                parts.Spent = JsonSerializer.Deserialize<RunSpent>(ref reader, StoredJson.Options);
                break;
            case var name when name.SequenceEqual("isPurged"u8):
                reader.Read();
                parts.IsPurged = reader.GetBoolean();
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static string? SharedOf(ref Utf8JsonReader reader, SharedTexts texts)
    {
        reader.Read();
        return texts.Read(ref reader);
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static DateTimeOffset? TimeOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset();
    }

    private static List<string> TextsOf(ref Utf8JsonReader reader)
    {
        List<string> texts = [];
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.GetString()!);
        }
        return texts;
    }

    private static int IndexOf(ref Utf8JsonReader reader, byte[][] names)
    {
        reader.Read();
        for (int i = 0; i < names.Length; i++)
        {
            if (reader.ValueTextEquals(names[i]))
            {
                return i;
            }
        }
        throw new JsonException($"'{reader.GetString()}' is neither kind nor status of a run");
    }

    private static byte[][] NamesOf<T>()
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => JsonNamingPolicy.CamelCase.ConvertName(name)).Select(Encoding.UTF8.GetBytes)];

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new JsonException(otherwise);
        }
    }

    private struct Parts
    {
        public string? Id;
        public RunKind Kind;
        public string? Name;
        public RunStatus? Status;
        public DateTimeOffset? Created;
        public DateTimeOffset? Updated;
        public DateTimeOffset? Ended;
        public List<string>? Tags;
        public string? Outcome;
        public string? Stage;
        public string? Parent;
        public string? Input;
        public string? Output;
        public string? CustomStatus;
        public string? Failure;
        public string? Calls;
        public RunSpent? Spent;
        public bool IsPurged;

        public readonly RunEntry ToEntry() =>
            new()
            {
                Id = Id ?? throw new JsonException("an entry has no id"),
                Kind = Kind,
                Name = Name ?? throw new JsonException($"run '{Id}' has no name"),
                Status = Status ?? throw new JsonException($"run '{Id}' has no status"),
                Created = Created ?? throw new JsonException($"run '{Id}' has no time of creation"),
                Updated = Updated ?? throw new JsonException($"run '{Id}' has no time of its entry"),
                Ended = Ended,
                Tags = Tags,
                Outcome = Outcome,
                Stage = Stage,
                Parent = Parent,
                Input = Input,
                Output = Output,
                CustomStatus = CustomStatus,
                Failure = Failure,
                Calls = Calls,
                Spent = Spent,
                IsPurged = IsPurged,
            };
    }
}
