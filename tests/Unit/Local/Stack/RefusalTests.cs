using System.Net;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.Unit.Local.Stack;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(409, """{"title":"Conflict","detail":"It is\nserved."}""", "It is served.")]
    [InlineData(404, "", "http://app/api/x answered 404.")]
    [InlineData(502, "<html>\nbad gateway", "http://app/api/x answered 502: <html> bad gateway")]
    [InlineData(400, """["detail"]""", """http://app/api/x answered 400: ["detail"]""")]
    [InlineData(400, """{"detail":{"a":1}}""", """http://app/api/x answered 400: {"detail":{"a":1}}""")]
    [InlineData(401, "", "http://app/api/x refuses the key (401). The variable KEY must be a function key of the app; ")]
    public void WhatAnAppAnswers_IsOneLine(int status, string body, string expected)
    {
        string told = Refusal.Of("http://app/api/x", (HttpStatusCode)status, body);

        Assert.StartsWith(expected, told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }
}
