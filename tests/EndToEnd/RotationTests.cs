using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// Keys of the stack that runs, changed while it runs: the new one works and the former is refused, and no process was started anew. The
/// keys that other tests use stay.
/// </summary>
public sealed class RotationTests(SharedStack shared)
{
    private const string Name = "rotated";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => shared.Stack.Options.DataDirectory;

    [Fact]
    public async Task AFunctionKey_IsTakenFromWhenItIsWritten_AndRefusedFromWhenItIsReplaced()
    {
        (string former, string next) = (RandomNumberGenerator.GetHexString(64), RandomNumberGenerator.GetHexString(64));

        HttpStatusCode unknown = await AskAsync(former);
        await WriteKeyAsync(former);
        HttpStatusCode first = await AskAsync(former);
        await WriteKeyAsync(next);
        (HttpStatusCode Former, HttpStatusCode Next) rotated = (await AskAsync(former), await AskAsync(next));
        await WriteKeyAsync(null);
        HttpStatusCode removed = await AskAsync(next);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (unknown, first));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), rotated);
        Assert.Equal(HttpStatusCode.Unauthorized, removed);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(shared.Stack.FunctionsKey));
    }

    [Fact]
    public async Task TheKeyOfEvents_IsTakenFromWhenItIsWritten_AndRefusedFromWhenItIsGone()
    {
        string file = Path.Combine(Data, "events.key");
        string own = await File.ReadAllTextAsync(file, Ct);
        string next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        HttpStatusCode unknown = await PostEventAsync(next);
        await WriteAsync(file, $"{own}\n{next}");
        (HttpStatusCode Own, HttpStatusCode Next) both = (await PostEventAsync(own), await PostEventAsync(next));
        await WriteAsync(file, own);
        HttpStatusCode gone = await PostEventAsync(next);

        // An event of another kind than ours gets past the signature, and no further.
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (unknown, gone));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), both);
    }

    private async Task<HttpStatusCode> AskAsync(string key)
    {
        using HttpClient http = new() { BaseAddress = shared.Stack.FunctionsAddress };
        using HttpRequestMessage request = new(HttpMethod.Get, "api/models?limit=1");
        request.Headers.Add("x-functions-key", key);
        using HttpResponseMessage response = await http.SendAsync(request, Ct);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> PostEventAsync(string key)
    {
        byte[] body = Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(
                new
                {
                    specversion = "1.0",
                    id = "rotation",
                    source = "/tests",
                    type = "serverless.other.v1",
                    time = "2026-01-01T00:00:00Z",
                    data = (object?)null,
                }
            )
        );
        using HttpClient http = new() { BaseAddress = shared.Stack.FunctionsAddress };
        using HttpRequestMessage request = new(HttpMethod.Post, "api/events") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/cloudevents+json");
        foreach ((string name, string value) in new WebhookSignature(key, TimeProvider.System).Sign("rotation", body))
        {
            request.Headers.Add(name, value);
        }
        using HttpResponseMessage response = await http.SendAsync(request, Ct);
        return response.StatusCode;
    }

    /// <summary>Null takes it away.</summary>
    private async Task WriteKeyAsync(string? key)
    {
        string file = Path.Combine(Data, "keys.json");
        JsonNode keys = JsonNode.Parse(await File.ReadAllTextAsync(file, Ct))!;
        JsonObject functionKeys = keys["functionKeys"]!.AsObject();
        functionKeys.Remove(Name);
        if (key is not null)
        {
            functionKeys[Name] = key;
        }
        await WriteAsync(file, keys.ToJsonString());
    }

    /// <summary>Whole, so that nobody reads half of it.</summary>
    private static async Task WriteAsync(string file, string content)
    {
        await File.WriteAllTextAsync(file + ".test", content, Ct);
        File.Move(file + ".test", file, overwrite: true);
    }
}
