using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Exports;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Exports of training data: asked for, listed, and read.</summary>
public sealed class ExportsFunction(ExportPlans plans, ExportStore exports, TimeProvider time)
{
    private const int MaxPage = 200;

    [Function("StartExport")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/exports")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        ExportQuery query = await request.ReadJsonAsync<ExportQuery>(cancellationToken);
        ExportPlan plan = await plans.MakeAsync(query, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        ExportInput input = ExportInput.Of(plan, now, by);
        string id = await client.StartAsync(input, now, cancellationToken);
        ExportRunAnswer answer = new(id, $"/api/runs/{id}", plan, input.FeedbackUntil);
        request.HttpContext.Response.Headers.Location = answer.Run;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    [Function("ListExports")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/exports")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string? name = request.ReadText("name", 64);
        if (name is not null && !ExportCheck.IsName(name))
        {
            throw RequestProblem.BadRequest($"name is '{name}', which is no name of an export.");
        }
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        return Answers.Json(Answers.ListOf(await exports.ListAsync(name, limit, cancellationToken), ExportLine.Of));
    }

    [Function("ShowExport")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/exports/{name}/{version}")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    ) => Answers.Json(await LoadAsync(name, version, cancellationToken));

    [Function("ShowExportData")]
    public async Task<IResult> ShowDataAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/exports/{name}/{version}/data")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ExportCard card = await LoadAsync(name, version, cancellationToken);
        return Results.Stream(
            await exports.OpenAsync(card, cancellationToken),
            ExportStore.DataType,
            $"{card.Name}-{card.Version}.parquet"
        );
    }

    private async Task<ExportCard> LoadAsync(string name, string version, CancellationToken cancellationToken) =>
        await exports.FindAsync(name, version, cancellationToken)
        ?? throw RequestProblem.NotFound($"There is no export '{name}' of version '{version}'.");
}
