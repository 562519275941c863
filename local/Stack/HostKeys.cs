using System.Text.Json;

namespace Serverless.Local.Stack;

/// <summary>A Functions app that runs on its host.</summary>
/// <param name="KeysFile">The host's keys.json.</param>
public sealed record FunctionsApp(Uri Address, string KeysFile);

/// <summary>Reads the keys that the Functions host made at its first start.</summary>
internal static class HostKeys
{
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "keys.json");

    /// <exception cref="StackException">The file is damaged, or has no default key.</exception>
    public static string ReadDefault(string dataDirectory)
    {
        try
        {
            using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(PathIn(dataDirectory)));
            return keys.RootElement.GetProperty("functionKeys").GetProperty("default").GetString() is { Length: > 0 } key
                ? key
                : throw new KeyNotFoundException("it is empty");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StackException(
                $"{PathIn(dataDirectory)} has no key functionKeys.default ({e.Message.TrimEnd('.')}). Write one there, or delete the file: "
                    + "the next start makes it anew."
            );
        }
    }
}
