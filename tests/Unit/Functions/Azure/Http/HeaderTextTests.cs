using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class HeaderTextTests
{
    private const string Header = "X-Requested-By";

    [Theory]
    [InlineData("ana", "ana")]
    [InlineData("Ana Lopez", "Ana Lopez")]
    [InlineData("Ana%20L%C3%B3pez", "Ana López")]
    [InlineData("Ana L%c3%b3pez", "Ana López")]
    [InlineData("%D0%9B%D0%B5%D0%BD%D0%B0", "Лена")]
    [InlineData("%F0%9F%90%8E", "🐎")]
    [InlineData("a+b", "a+b")]
    [InlineData("100%25", "100%")]
    public void Decode_PercentEncodedUtf8_GivesTheText(string value, string expected) =>
        Assert.Equal(expected, HeaderText.Decode(Header, value));

    [Theory]
    [InlineData("100%"), InlineData("100%2"), InlineData("%zz"), InlineData("%u0041")]
    [InlineData("%C3"), InlineData("%C3%28"), InlineData("%FF"), InlineData("%ED%A0%80"), InlineData("%C0%AF")]
    public void Decode_MalformedEscape_IsRefusedNamingTheHeader(string value)
    {
        RequestProblem problem = Assert.Throws<RequestProblem>(() => HeaderText.Decode(Header, value));

        Assert.Equal(400, problem.Status);
        Assert.Contains(Header, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_UndoesWhatClientsEncode()
    {
        const string Name = "Zoë \"O'Neill\" & 李雷, 100 % / ~*";

        Assert.Equal(Name, HeaderText.Decode(Header, Uri.EscapeDataString(Name)));
    }

    [Fact]
    public void CheckHeaders_CharacterBeyondAscii_IsRefusedNamingTheHeader()
    {
        DefaultHttpContext http = new();
        http.Request.Headers["X-Routing-Key"] = "lópez";

        RequestProblem problem = Assert.Throws<RequestProblem>(() => HeaderText.CheckHeaders(http.Request));

        Assert.Equal(400, problem.Status);
        Assert.Contains("X-Routing-Key", problem.Message, StringComparison.Ordinal);
    }
}
