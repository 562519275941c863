using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class QueryCheckTests
{
    [Theory]
    [InlineData("ListModels", "?limt=5", "There is no query parameter 'limt' here; allowed are limit, after.")]
    [InlineData("Health", "?verbose=1", "There is no query parameter 'verbose' here; none is taken.")]
    [InlineData("Feedback", "?code=k&by=me", "'by' is not taken in the query; who asks is named in the header X-Requested-By")]
    [InlineData("RegisterModel", "?metric.=1", "There is no query parameter 'metric.' here; allowed are licence")]
    public void Run_AnUnknownParameter_IsNamedBesideThoseAllowed(string function, string query, string message) =>
        Assert.StartsWith(message, Refused(function, query), StringComparison.Ordinal);

    [Theory]
    [InlineData("ListModels", "")]
    [InlineData("ListModels", "?limit=5&after=a&code=key&clientId=default")]
    [InlineData("ListModels", "?LIMIT=5&Code=key")]
    [InlineData("RegisterModel", "?metric.f1=0.9&licence=MIT")]
    [InlineData("StoreGolden", "?environment=qa&environment=prod")]
    [InlineData("SearchByText", "?q=100%25+caf%C3%A9+%F0%9F%98%80")]
    [InlineData("NotOfThisApp", "?anything=1")]
    public void Run_KnownParameters_AreTaken(string function, string query) => QueryCheck.Run(Request(query), function);

    [Theory]
    [InlineData("?q=Anna+%ED%A0%BD", "q")]
    [InlineData("?q=a&kind=%FF", "kind")]
    public void Run_TextThatIsNoUtf8_IsNamed(string query, string name) =>
        Assert.StartsWith(
            $"The query parameter '{name}' is no percent-encoded UTF-8",
            Refused("SearchByText", query),
            StringComparison.Ordinal
        );

    private static string Refused(string function, string query)
    {
        RequestProblem problem = Assert.Throws<RequestProblem>(() => QueryCheck.Run(Request(query), function));
        Assert.Equal(400, problem.Status);
        return problem.Message;
    }

    private static HttpRequest Request(string query) =>
        new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request;
}
