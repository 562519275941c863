using System.Globalization;

namespace Serverless.Local.Stack;

/// <summary>How commands reach the Functions app that runs on this machine.</summary>
internal static class HostConnection
{
    private const string KeyVariable = "KEY";

    /// <summary>A deployed app, with the key in the variable KEY.</summary>
    public static HttpClient OpenDeployed(Uri address)
    {
        HttpClient http = new() { BaseAddress = new Uri(new Uri(address, "/"), "api/") };
        AddKey(http, Environment.GetEnvironmentVariable(KeyVariable), $"the variable {KeyVariable}");
        return http;
    }

    /// <summary>The app of the stack that started last over a data folder; relative to <c>/api/</c>, with the function key.</summary>
    /// <param name="port">Null for the one that it was started with.</param>
    public static HttpClient OpenLocal(string data, int? port = null)
    {
        if (!File.Exists(HostKeys.PathIn(data)))
        {
            throw new StackException($"Nothing ever ran with the data folder {data}. Start it first: make run");
        }
        int listens = port ?? StackFacts.Read(data).Ports.Functions;
        HttpClient http = new()
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{listens}/api/")),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        AddKey(http, HostKeys.ReadDefault(data), HostKeys.PathIn(data));
        return http;
    }

    private static void AddKey(HttpClient http, string? key, string place)
    {
        try
        {
            http.DefaultRequestHeaders.Add("x-functions-key", key);
        }
        catch (FormatException)
        {
            throw new StackException($"The key of {place} has a line break, or other characters that no key has.", 2);
        }
    }
}
