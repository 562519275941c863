using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;
using Serverless.Rollout.Experiments;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Experiments;

/// <summary>Experiments: started, looked at, reweighed and stopped.</summary>
public sealed class ExperimentsFunction(ExperimentControl control, RegistryOptions registry)
{
    private const int MaxPage = 200;

    [Function("StartExperiment")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/experiments")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        ExperimentRequest wanted = await request.ReadJsonAsync<ExperimentRequest>(cancellationToken);
        if (string.IsNullOrEmpty(wanted.Model))
        {
            throw RequestProblem.BadRequest("model is missing.");
        }
        if (!registry.Environments.Contains(wanted.Environment ?? ""))
        {
            throw RequestProblem.BadRequest(
                $"environment is '{wanted.Environment}'; allowed are {string.Join(", ", registry.Environments)}."
            );
        }
        string id = wanted.Id ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        try
        {
            ExperimentRecord started = await control.StartAsync(id, wanted.ToDesign(), request.ReadRequester(), cancellationToken);
            request.HttpContext.Response.Headers.Location = $"{request.Path}/{id}";
            return Answers.Json(ExperimentAnswer.Of(started), StatusCodes.Status201Created);
        }
        catch (ExperimentException e)
        {
            throw e.Fault == ExperimentFault.Conflict ? RequestProblem.Conflict(e.Message) : RequestProblem.BadRequest(e.Message);
        }
    }

    [Function("ListExperiments")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/experiments")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string? environment = request.ReadOneOf("environment", registry.Environments);
        string? model = request.ReadText("model", 64);
        Listed<ExperimentRecord> all = await control.ListAsync(cancellationToken);
        IEnumerable<ExperimentRecord> found = all.Items.Where(experiment =>
            (environment is null || experiment.Design.Environment == environment) && (model is null || experiment.Design.Model == model)
        );
        if (request.ReadText("after", 128) is { } after)
        {
            found = found.SkipWhile(experiment => experiment.Id != after).Skip(1);
        }
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        ExperimentAnswer[] page = [.. found.Take(limit + 1).Select(ExperimentAnswer.InBrief)];
        (ExperimentAnswer[] shown, string? next) = page.Length > limit ? (page[..limit], page[limit - 1].Id) : (page, null);
        return Answers.Json(new ListAnswer<ExperimentAnswer>(shown, next, Faults: all.Faults.OrAbsent()));
    }

    /// <summary>With the verdict of this moment, which may be asked for as often as one likes.</summary>
    [Function("ShowExperiment")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/experiments/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        (ExperimentRecord experiment, ExperimentVerdict verdict) = await control.JudgeAsync(id, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no experiment '{id}'.");
        return Answers.Json(ExperimentAnswer.Of(experiment, verdict));
    }

    [Function("StopExperiment")]
    public async Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/experiments/{id}/stop")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) =>
        Answers.Json(
            ExperimentAnswer.Of(
                await control.StopAsync(id, cancellationToken) ?? throw RequestProblem.NotFound($"There is no experiment '{id}'.")
            )
        );

    [Function("ReweighExperiments")]
    public Task ReweighAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        control.ReweighAllAsync(cancellationToken);
}
