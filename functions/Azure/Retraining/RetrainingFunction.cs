using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Promotions;
using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Retraining;

/// <summary>New versions from captured predictions: asked for here, and looked at as runs.</summary>
public sealed class RetrainingFunction(
    ExportPlans exports,
    ExportStore made,
    LearnableRows learnable,
    PromotionPlans plans,
    ObjectiveOptions objectives,
    RegistryOptions environments,
    TimeProvider time
)
{
    [Function("StartRetraining")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/retraining")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        RetrainQuery query = await request.ReadJsonAsync<RetrainQuery>(cancellationToken);
        RetrainInput input = await MakeAsync(query, by, request.ReadRequesterId(), cancellationToken);
        string id = await client.StartAsync(input, cancellationToken);
        RetrainAnswer answer = new(id, $"/api/runs/{id}", input.Into, input.Target);
        request.HttpContext.Response.Headers.Location = answer.Run;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    private async Task<RetrainInput> MakeAsync(RetrainQuery query, string by, string? byId, CancellationToken cancellationToken)
    {
        if (!environments.Environments.Contains(query.Target))
        {
            throw RequestProblem.BadRequest($"target is '{query.Target}'; allowed are {string.Join(", ", environments.Environments)}.");
        }
        if (query.Export is not null && (query.ExportName ?? query.ExportVersion) is not null)
        {
            throw RequestProblem.BadRequest("Both export and one that there is are given; one of the two is taken.");
        }
        DateTimeOffset now = time.GetUtcNow();
        ExportInput? wanted = query.Export is { } export ? await AskAsync(export, now, by, cancellationToken) : null;
        ExportCard? card = wanted is null ? await LoadAsync(query, cancellationToken) : null;
        string? lack = card is null ? await learnable.FindLackAsync(wanted!, cancellationToken) : learnable.FindLack(card);
        if (lack is not null)
        {
            throw RequestProblem.Conflict(lack);
        }
        string model = wanted?.Plan.Model ?? card!.Asked.Model;
        string into = ModelVersion.CheckName(query.Into ?? model);
        return new RetrainInput(
            wanted,
            query.ExportName,
            query.ExportVersion,
            into,
            query.Seed,
            query.Target,
            PromotionRequest.PlanFor(plans, objectives, into, query.Target, query.Plan),
            by,
            now,
            byId
        );
    }

    private async Task<ExportInput> AskAsync(ExportQuery query, DateTimeOffset now, string by, CancellationToken cancellationToken)
    {
        ExportFilters filters = (query.Filters ?? new ExportFilters()) with { Labelled = true };
        ExportPlan plan = await exports.MakeAsync(query with { Filters = filters, Embeddings = true, Analyses = false }, cancellationToken);
        return ExportInput.Of(plan, now, by);
    }

    private async Task<ExportCard> LoadAsync(RetrainQuery query, CancellationToken cancellationToken)
    {
        if (query is not { ExportName: { } name, ExportVersion: { } version })
        {
            throw RequestProblem.BadRequest("Neither export nor exportName with exportVersion is given; one of the two is needed.");
        }
        return await made.FindAsync(name, version, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no export '{name}' of version '{version}'.");
    }
}
