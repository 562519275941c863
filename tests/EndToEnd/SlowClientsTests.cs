using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Many clients send the body of a request a byte at a time, with a key and without one.</summary>
public sealed class SlowClientsTests(SharedStack shared)
{
    private const int Clients = 150;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowClients_HoldUpNoOther_AndAreSentAway()
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        string key = shared.Stack.FunctionsKey;
        string[] routes = ["events", $"predict/entities?code={key}", $"assets?name=a.txt&code={key}"];

        Task<string>[] slow = [.. Enumerable.Range(0, Clients).Select(i => SendSlowlyAsync(routes[i % routes.Length], limit.Token))];
        using HttpResponseMessage health = await shared.Client.Http.GetAsync("health", Cancellation);
        using HttpResponseMessage list = await shared.Client.Http.GetAsync("assets?limit=5", Cancellation);
        using HttpResponseMessage predicted = await shared.Client.Http.PostAsJsonAsync(
            "predict/entities",
            new { text = "Maria Keller spoke in Nordhaven." },
            Cancellation
        );
        int stillSlow = slow.Count(client => !client.IsCompleted);
        string[] ends = await Task.WhenAll(slow);

        Assert.Equal([200, 200, 200], new[] { health, list, predicted }.Select(answer => (int)answer.StatusCode));
        Assert.True(stillSlow > Clients / 2, $"Only {stillSlow} clients were still sending.");
        Assert.All(ends, end => Assert.True(end is "" or "401" or "403" or "408" or "400" or "429", end));
    }

    /// <summary>The status that ended the request; empty where the connection was closed without one.</summary>
    private async Task<string> SendSlowlyAsync(string route, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", shared.Stack.Options.Ports.Functions, cancellationToken);
        NetworkStream stream = client.GetStream();
        string head = $"POST /api/{route} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";
        byte[] answer = new byte[64];
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
            Task<int> reading = stream.ReadAsync(answer, cancellationToken).AsTask();
            using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(500));
            while (!reading.IsCompleted)
            {
                await stream.WriteAsync(" "u8.ToArray(), cancellationToken);
                await Task.WhenAny(reading, pace.WaitForNextTickAsync(cancellationToken).AsTask());
            }
            int read = await reading;
            return read >= 12 ? Encoding.ASCII.GetString(answer, 9, 3) : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
