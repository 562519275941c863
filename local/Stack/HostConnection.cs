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
        http.DefaultRequestHeaders.Add("x-functions-key", Environment.GetEnvironmentVariable(KeyVariable));
        return http;
    }

    /// <summary>The app of the stack that started last over a data folder.</summary>
    public static HttpClient OpenLocal(string data)
    {
        int port = StackFacts.Read(data).Ports.Functions;
        return Open(data, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
    }

    /// <summary>Relative to <c>/api/</c>, with the function key.</summary>
    public static HttpClient Open(string data, Uri address)
    {
        if (!File.Exists(HostKeys.PathIn(data)))
        {
            throw new StackException($"Nothing ever ran with the data folder {data}. Start it first: make run");
        }
        HttpClient http = new() { BaseAddress = new Uri(address, "api/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("x-functions-key", HostKeys.ReadDefault(data));
        return http;
    }
}
