using System.Text.Json;

namespace Serverless.Local.Stack;

/// <summary>The file <c>stack.json</c> of a data folder: how the stack that started last over it is reached.</summary>
internal sealed record StackFacts(StackPorts Ports, string DurableProvider)
{
    private const string FileName = "stack.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Whether a stack was ever started over a folder.</summary>
    public static bool AreIn(string data) => File.Exists(Path.Combine(data, FileName));

    public static void Write(StackOptions options) =>
        File.WriteAllBytes(
            Path.Combine(options.DataDirectory, FileName),
            JsonSerializer.SerializeToUtf8Bytes(new StackFacts(options.Ports, options.DurableProvider), Json)
        );

    /// <exception cref="StackException">None was ever started over it.</exception>
    public static StackFacts Read(string data)
    {
        string path = Path.Combine(data, FileName);
        try
        {
            return JsonSerializer.Deserialize<StackFacts>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException(
                $"The data folder {data} holds no data of a stack: {FileName} cannot be read. Start it first: make run"
            );
        }
        catch (JsonException e)
        {
            throw new StackException($"{path} is damaged ({e.Message.TrimEnd('.')}). The next start writes it anew: make run");
        }
    }
}
