using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Exports;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Exports of training data: asked for, listed, and read.</summary>
public sealed class ExportsFunction(ExportPlans plans, ExportStore exports, ExportProgressLog progress, TimeProvider time)
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

    /// <summary>The rows; the card stays, with who removed them and why.</summary>
    [Function("RemoveExport")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/exports/{name}/{version}")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        string reason = await ReasonRequest.ReadAsync(request, cancellationToken) ?? "Removed by hand.";
        ExportCard card = await LoadAsync(name, version, cancellationToken);
        ExportRemoval removal = new(card.Name, card.Version, Asset: null, by, reason, time.GetUtcNow(), card.Sha256, card.Rows);
        return Answers.Json(await exports.RemoveAsync(removal, cancellationToken));
    }

    /// <summary>While it runs, how far it has come; then how it ended.</summary>
    [Function("ShowExportRun")]
    public async Task<IResult> ShowRunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/exports/runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (
            !id.StartsWith(ExportScheduler.IdPrefix, StringComparison.Ordinal)
            || await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } run
            || !run.IsOf(nameof(ExportData))
        )
        {
            throw RequestProblem.NotFound($"There is no run '{id}' of an export.");
        }
        ExportStatus? status = run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<ExportStatus>();
        ExportProgress? seen = run.IsCompleted ? null : await progress.FindAsync(id, cancellationToken);
        return Answers.Json(
            new ExportProgressAnswer(
                id,
                run.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? "failed" : status?.Stage ?? "starting",
                seen,
                status?.Version,
                status?.Rows,
                status?.Problem ?? run.FailureDetails?.ErrorMessage
            )
        );
    }

    private async Task<ExportCard> LoadAsync(string name, string version, CancellationToken cancellationToken)
    {
        ExportCard card = await exports.FindCardAsync(name, version, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no export '{name}' of version '{version}'.");
        return await exports.FindRemovalAsync(card.Name, card.Version, cancellationToken) is { } removal
            ? throw new RequestProblem(
                StatusCodes.Status410Gone,
                $"The rows of export '{name}' of version '{version}' were removed on {removal.At:u} for {removal.By}: {removal.Reason}"
            )
            : card;
    }
}
