using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>What to do when something happens: a text for each rule of alerts, and for what people do by hand.</summary>
public sealed class RunbooksFunction
{
    private const string Markdown = "text/markdown";

    [Function("ListRunbooks")]
    public static IResult List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runbooks")] HttpRequest request) =>
        Answers.Json(new ListAnswer<RunbookAnswer>([.. Runbook.All.Select(RunbookAnswer.Of)], Next: null));

    [Function("ShowAllRunbooks")]
    public static IResult ShowAll([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runbooks.md")] HttpRequest request) =>
        Results.Text(Runbook.Document(), Markdown, Encoding.UTF8);

    /// <summary>By its name, or by that of a file: "backlogAge.md".</summary>
    [Function("ShowRunbook")]
    public static IResult Show(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runbooks/{name}")] HttpRequest request,
        string name
    ) =>
        Runbook.All.FirstOrDefault(runbook => runbook.Name == name || runbook.Name + Runbook.Suffix == name) is { } found
            ? Results.Text(found.Text, Markdown, Encoding.UTF8)
            : throw RequestProblem.NotFound(
                $"There is no runbook '{name}'; there are {string.Join(", ", Runbook.All.Select(runbook => runbook.Name))}."
            );
}

internal sealed record RunbookAnswer(string Name, string Title, string Address)
{
    public static RunbookAnswer Of(Runbook runbook) => new(runbook.Name, runbook.Title, $"/api/runbooks/{runbook.Name}");
}
