using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What the description of the API demands of a body is demanded.</summary>
public sealed partial class DescribedBodyTests(SharedStack shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEmptyBody_WhereTheDescriptionDemandsMembers_IsTheCallersFault()
    {
        byte[] json = await shared.Client.Http.GetByteArrayAsync(new Uri("openapi.json", UriKind.Relative), Cancellation);
        using JsonDocument description = JsonDocument.Parse(json);
        (string Method, string Path)[] demanding = [.. Demanding(description.RootElement)];
        List<string> others = [];

        foreach ((string method, string path) in demanding)
        {
            Uri address = new(Parameter().Replace(path, "1"), UriKind.Relative);
            using HttpRequestMessage request = new(new HttpMethod(method), address)
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Requested-By", "somebody");
            using HttpResponseMessage answer = await shared.Client.Http.SendAsync(request, Cancellation);
            if ((int)answer.StatusCode is < 400 or >= 500)
            {
                others.Add($"{method} {path}: {answer.StatusCode}");
            }
        }

        Assert.NotEmpty(demanding);
        Assert.Empty(others);
    }

    private static IEnumerable<(string Method, string Path)> Demanding(JsonElement description) =>
        from path in description.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where
            operation.Value.ValueKind == JsonValueKind.Object // beside them stand the parameters that they share
            && operation.Value.TryGetProperty("requestBody", out JsonElement body)
            && body.GetProperty("content").TryGetProperty("application/json", out JsonElement content)
            && Demands(description, content.GetProperty("schema"))
        select (operation.Name.ToUpperInvariant(), path.Name);

    private static bool Demands(JsonElement description, JsonElement schema)
    {
        JsonElement described = schema.TryGetProperty("$ref", out JsonElement reference)
            ? description.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
        return described.TryGetProperty("required", out JsonElement required) && required.GetArrayLength() > 0;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
