using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What keys of some roles may do in the running system, behind the host that lets all of them in.</summary>
public sealed class AccessTests(SharedStack shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ListedKeys.Reader, "GET", "models", HttpStatusCode.OK, "")]
    [InlineData(
        ListedKeys.Caller,
        "GET",
        "models",
        HttpStatusCode.Forbidden,
        "ListModels needs the role read; the key 'caller' has predict."
    )]
    [InlineData(ListedKeys.Caller, "POST", "predict/entities", HttpStatusCode.OK, "")]
    [InlineData(
        ListedKeys.Reader,
        "POST",
        "predict/entities",
        HttpStatusCode.Forbidden,
        "Predict needs the role predict; the key 'reader' has read."
    )]
    [InlineData(
        ListedKeys.Caller,
        "POST",
        "reconcile",
        HttpStatusCode.Forbidden,
        "Reconcile needs the role operate; the key 'caller' has predict."
    )]
    [InlineData("a key that the host has never seen", "GET", "models", HttpStatusCode.Unauthorized, "")]
    public async Task Key_OpensWhatItsRolesAllow(string key, string method, string path, HttpStatusCode expected, string detail)
    {
        using HttpResponseMessage response = await SendAsync(key, method, path);

        Assert.Equal(expected, response.StatusCode);
        if (detail.Length > 0)
        {
            Assert.Equal(detail, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task Arm_IsChosenByWhoMayPublish_OrHasASignature()
    {
        string expires = $"{TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}";
        byte[] signature = HMACSHA256.HashData(ListedKeys.TestSigningKey, Encoding.UTF8.GetBytes($"entities|stable|{expires}"));
        string[] signed = ["X-Rollout-Arm", "stable", "X-Rollout-Arm-Signature", $"{expires}.{Convert.ToHexStringLower(signature)}"];

        using HttpResponseMessage refused = await SendAsync(ListedKeys.Caller, "POST", "predict/entities", signed[..2]);
        using HttpResponseMessage taken = await SendAsync(ListedKeys.Caller, "POST", "predict/entities", signed);
        using HttpResponseMessage publisher = await SendAsync(shared.Stack.FunctionsKey, "POST", "predict/entities", signed[..2]);

        Assert.Equal(
            [HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.OK],
            [refused.StatusCode, taken.StatusCode, publisher.StatusCode]
        );
        Assert.Equal(["forced"], taken.Headers.GetValues("X-Rollout-Arm"));
    }

    private async Task<HttpResponseMessage> SendAsync(string key, string method, string path, params string[] headers)
    {
        using HttpClient http = new() { BaseAddress = new Uri(shared.Stack.FunctionsAddress, "api/") };
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Add("x-functions-key", key);
        foreach (string[] header in headers.Chunk(2))
        {
            request.Headers.Add(header[0], header[1]);
        }
        if (method == "POST")
        {
            request.Content = JsonContent.Create(new { text = "Maria Keller visited Port Alder." });
        }
        return await http.SendAsync(request, Cancellation);
    }
}
