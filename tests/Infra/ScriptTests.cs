using System.Net;
using System.Text;
using Xunit;

namespace Serverless.Infra;

/// <summary>The scripts behind the steps of pipelines, beside an app that answers what it is told to.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly HttpListener _app = new();
    private readonly Uri _address = new($"http://127.0.0.1:{20_000 + (Environment.ProcessId % 10_000)}/");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ScriptTests()
    {
        _app.Prefixes.Add($"{_address}");
        _app.Start();
    }

    public void Dispose() => _app.Close();

    [Theory]
    [InlineData("""{"verdict":"promoted"}""", 0, "Promotion p1: promoted")]
    [InlineData("""{"verdict":"rejected","reason":"too slow"}""", 1, "Promotion p1: rejected: too slow")]
    public async Task Promote_TellsTheVerdict(string seen, int code, string told)
    {
        Task<IReadOnlyList<string>> asked = AnswerAsync((202, """{"id":"p1"}"""), (503, ""), (200, seen));

        CommandResult result = await RunAsync("promote.sh", "my-model", "2", "", "prod");

        Assert.Equal(
            (code, told),
            (result.ExitCode, result.Output.Split('\n').First(line => line.StartsWith("Promotion p1: ", StringComparison.Ordinal)))
        );
        Assert.Equal(["POST /api/promotions", "GET /api/promotions/p1", "GET /api/promotions/p1"], await asked);
    }

    /// <summary>A key that is refused is no verdict that is not there yet.</summary>
    [Fact]
    public async Task Promote_EndsAtOnce_WhereTheAppRefuses()
    {
        Task<IReadOnlyList<string>> asked = AnswerAsync((202, """{"id":"p1"}"""), (401, ""));

        CommandResult result = await RunAsync("promote.sh", "my-model", "2", "", "prod");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{_address}api/promotions/p1 answered 401", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await asked).Count);
    }

    [Fact]
    public async Task Rollback_SaysWhatTheAppSays()
    {
        Task<IReadOnlyList<string>> asked = AnswerAsync((409, """{"detail":"Nothing served before."}"""));

        CommandResult result = await RunAsync("rollback.sh", "my model", "prod");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("answered 409: Nothing served before.", result.Output, StringComparison.Ordinal);
        Assert.Equal(["POST /api/models/my%20model/rollback?environment=prod"], await asked);
    }

    [Theory]
    [InlineData("promote.sh: the version is 'x'; expected is a number", "promote.sh", "my-model", "x", "", "prod")]
    [InlineData("rollback.sh: MODEL and ENVIRONMENT are needed", "rollback.sh", "", "")]
    [InlineData("terraform.sh: there is no infra/gcp/dev; expected is CLOUD=azure or aws", "terraform.sh", "plan", "gcp", "dev", "1")]
    [InlineData("terraform.sh: the version is ''; expected is one that make publish wrote", "terraform.sh", "plan", "aws", "dev", "")]
    public async Task WhatCannotBe_EndsWithCode2_AndOneLine(string message, string script, params string[] arguments)
    {
        CommandResult result = await RunAsync(script, arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(message, result.Output, StringComparison.Ordinal);
        Assert.Single(result.Output.Trim().Split('\n'));
    }

    private Task<CommandResult> RunAsync(string script, params string[] arguments) =>
        CommandLine.RunAsync(
            "bash",
            [Path.Combine(SourceTree.Root, "infra", "ci", script), .. arguments],
            SourceTree.Root,
            new Dictionary<string, string>
            {
                ["URL"] = $"{_address}",
                ["KEY"] = "key",
                ["PROMOTE_LOOK_EVERY"] = "0",
            },
            Ct
        );

    /// <returns>What was asked, once all were answered.</returns>
    private async Task<IReadOnlyList<string>> AnswerAsync(params (int Status, string Body)[] answers)
    {
        List<string> asked = [];
        foreach ((int status, string body) in answers)
        {
            HttpListenerContext context = await _app.GetContextAsync().WaitAsync(Ct);
            asked.Add($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            context.Response.StatusCode = status;
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
        return asked;
    }
}
