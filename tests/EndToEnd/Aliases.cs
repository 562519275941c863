using System.Net.Http.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Moves aliases by hand, as the API lets people do it in environments without promotion.</summary>
internal static class Aliases
{
    /// <summary>Whatever serves now.</summary>
    public static async Task MoveAsync(PipelineClient client, string model, string environment, int version)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"models/{model}/aliases/{environment}")
        {
            Content = JsonContent.Create(new { version }),
        };
        request.Headers.Add("If-Match", "*");
        request.Headers.Add("X-Requested-By", "test");
        using HttpResponseMessage response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
