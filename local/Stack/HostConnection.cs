namespace Serverless.Local.Stack;

/// <summary>How commands reach the Functions app that runs on this machine.</summary>
internal static class HostConnection
{
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
