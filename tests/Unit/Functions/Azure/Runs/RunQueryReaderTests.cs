using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunQueryReaderTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void AQuery_NamesAllThatAFilterHas()
    {
        RunFilter filter = Request(
                "?status=failed,Terminated&outcome=rolled%20back&name=PromoteModel&prefix=a%2Fb&parent=p&within=24h"
                    + "&tag=model:x&tag=a:b:c&text=t%25"
            )
            .ReadRunFilter(Now);

        Assert.Equivalent(
            new RunFilter
            {
                Statuses = [RunStatus.Failed, RunStatus.Terminated],
                Outcomes = ["rolled back"],
                Names = ["PromoteModel"],
                IdPrefix = "a/b",
                Parent = "p",
                From = Now.AddDays(-1),
                Tags = ["model:x", "a:b:c"],
                Text = "t%",
            },
            filter,
            strict: true
        );
    }

    [Fact]
    public void WithoutAQuery_AllRunsAreMeant_TheNewestFirst()
    {
        RunQuery query = Request("").ReadRunQuery(Now);

        Assert.Equivalent(new RunQuery(new RunFilter(), RunSort.Created, IsDescending: true, 50), query, strict: true);
    }

    [Theory]
    [InlineData("?status=done", "status is 'done'; allowed are pending, running")]
    [InlineData("?status=1", "status is '1'")]
    [InlineData("?within=3y", "within is '3y'; allowed is a number with m, h or d")]
    [InlineData("?within=9999d", "within is '9999d'")]
    [InlineData("?within=1h&from=2030-01-01", "within stands beside from or to")]
    [InlineData("?from=2030-01-02&to=2030-01-01", "from is 2030-01-02T00:00:00.0000000+00:00, to is 2030")]
    [InlineData("?from=yesterday", "from is 'yesterday'")]
    [InlineData("?tag=model", "tag is 'model'; allowed is name:value")]
    [InlineData("?tag=:x", "tag is ':x'")]
    [InlineData("?sort=size", "sort is 'size'; allowed are created, updated, duration, name, status")]
    [InlineData("?order=up", "order is 'up'; allowed are desc, asc")]
    [InlineData("?limit=201", "limit is '201'; allowed are 1 to 200")]
    [InlineData("?after=forged", "after is no token that this list has given in this order")]
    public void WhatIsNotAllowed_IsNamed_WithWhatIs(string query, string problem)
    {
        RequestProblem refused = Assert.Throws<RequestProblem>(() => Request(query).ReadRunQuery(Now));

        Assert.Equal(400, refused.Status);
        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AToken_OfAnotherOrder_IsRefused()
    {
        RunCursor cursor = new(RunSort.Name, IsDescending: true, Now, new RunKey(0, "a", "b"));

        Assert.Equal(cursor, Request($"?sort=name&after={cursor}").ReadRunQuery(Now).After);
        Assert.Throws<RequestProblem>(() => Request($"?sort=name&order=asc&after={cursor}").ReadRunQuery(Now));
        Assert.Throws<RequestProblem>(() => Request($"?after={cursor}").ReadRunQuery(Now));
    }

    [Theory]
    [InlineData("text", RunQueryReader.MaxTextCharacters)]
    [InlineData("prefix", RunId.MaxCharacters)]
    public void ATextThatIsTooLong_IsRefused(string name, int max)
    {
        Request($"?{name}={new string('x', max)}").ReadRunFilter(Now);

        Assert.Throws<RequestProblem>(() => Request($"?{name}={new string('x', max + 1)}").ReadRunFilter(Now));
    }

    [Fact]
    public void TooManyTagsOrNames_AreRefused()
    {
        string tags = string.Join('&', Enumerable.Range(0, RunText.MaxTags + 1).Select(i => $"tag=a:{i}"));
        string names = string.Join(',', Enumerable.Range(0, RunQueryReader.MaxNames + 1));

        Assert.Throws<RequestProblem>(() => Request($"?{tags}").ReadRunFilter(Now));
        Assert.Throws<RequestProblem>(() => Request($"?name={names}").ReadRunFilter(Now));
    }

    private static HttpRequest Request(string query)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        return request;
    }
}
