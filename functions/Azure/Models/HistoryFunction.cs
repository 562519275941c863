using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <param name="Version">What served at that instant; null where nothing did.</param>
/// <param name="Record">The move that made it so: who, when and why.</param>
internal sealed record ServedVersionAnswer(string Environment, string Name, DateTimeOffset At, int? Version, HistoryRecord Record);

internal sealed record RestoreBody([Required] string? Environment, [Required] DateTimeOffset? At, string? Why);

/// <summary>What served when, who moved it and why; whether that record is whole; and going back.</summary>
public sealed class HistoryFunction(DeploymentHistory history, ModelAliases aliases, ModelRegistry registry)
{
    private const int MaxPage = 200;

    /// <summary>What served at <c>?at=</c>; without it all records, the newest first.</summary>
    [Function("ShowHistory")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/history")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        string environment = ReadEnvironment(request);
        if (request.ReadTime("at") is { } at)
        {
            return Answers.Json(await AtAsync(environment, name, at, cancellationToken));
        }
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        int before = request.ReadNumber("after", 1, int.MaxValue, otherwise: int.MaxValue);
        HistoryRecord[] page =
        [
            .. (await history.ListAsync(environment, name, cancellationToken)).Reverse().Where(r => r.Sequence < before).Take(limit + 1),
        ];
        return Answers.Json(
            new ListAnswer<HistoryRecord>([.. page.Take(limit)], page.Length > limit ? $"{page[limit - 1].Sequence}" : null)
        );
    }

    [Function("VerifyHistory")]
    public async Task<IResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/history/verify")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    ) => Answers.Json(await history.VerifyAsync(ReadEnvironment(request), name, cancellationToken));

    /// <summary>Moves the alias to what served at an instant; a change of the alias meanwhile wins.</summary>
    [Function("RestoreModel")]
    public async Task<IResult> RestoreAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/restore")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        RestoreBody body = await request.ReadJsonAsync<RestoreBody>(cancellationToken);
        if (body.Environment is not { } environment || body.At is not { } at)
        {
            throw RequestProblem.BadRequest(
                "environment and at must be given, for instance {\"environment\":\"prod\",\"at\":\"2026-01-31T12:00:00Z\"}."
            );
        }
        ServedVersionAnswer then = await AtAsync(environment, name, at, cancellationToken);
        if (then.Version is not { } version)
        {
            throw RequestProblem.Conflict($"Nothing served '{name}' in {environment} at {at:u}.");
        }
        if (await registry.FindAsync(name, version, cancellationToken) is null)
        {
            throw RequestProblem.Conflict($"Version {version} of '{name}', which served in {environment} at {at:u}, was deleted since.");
        }
        ModelAlias? now = await aliases.FindAsync(environment, name, cancellationToken);
        AliasMove move = new(
            version,
            now is null ? AliasExpectation.Nothing : AliasExpectation.OfTag(now.Tag),
            request.ReadRequester(),
            body.Why ?? $"restored to {at:u}"
        )
        {
            Event = HistoryEvent.Restored,
        };
        return Answers.Json(await aliases.MoveAsync(environment, name, move, cancellationToken));
    }

    private async Task<ServedVersionAnswer> AtAsync(
        string environment,
        string name,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        await history.AtAsync(environment, name, at, cancellationToken) is { } record
            ? new(environment, name, at, record.Version, record)
            : throw RequestProblem.NotFound($"Nothing is recorded of '{name}' in {environment} up to {at:u}.");

    private static string ReadEnvironment(HttpRequest request) =>
        request.ReadText("environment", 32)
        ?? throw RequestProblem.BadRequest("environment is missing; say for instance ?environment=prod.");
}
