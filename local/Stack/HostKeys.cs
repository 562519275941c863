using System.Text.Json;

namespace Serverless.Local.Stack;

/// <summary>A Functions app that runs on its host.</summary>
/// <param name="KeysFile">The host's keys.json.</param>
public sealed record FunctionsApp(Uri Address, string KeysFile);

/// <summary>Reads the keys that the Functions host made at its first start.</summary>
internal static class HostKeys
{
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "keys.json");

    public static string ReadDefault(string dataDirectory)
    {
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(PathIn(dataDirectory)));
        return keys.RootElement.GetProperty("functionKeys").GetProperty("default").GetString()!;
    }
}
