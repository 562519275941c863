using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <param name="Version">Null takes the alias away.</param>
internal sealed record AliasBody(int? Version, string? Why);

/// <summary>Moving an alias by hand, in dev. Elsewhere a promotion does it, also where nothing serves yet.</summary>
public sealed class AliasFunction(ModelAliases aliases, ModelsOptions options)
{
    /// <summary>If-Match holds the tag of the alias as the mover saw it, or * for any; it may be left out where nothing serves.</summary>
    [Function("MoveAlias")]
    public async Task<IResult> MoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/models/{name}/aliases/{environment}")] HttpRequest request,
        string name,
        string environment,
        CancellationToken cancellationToken
    )
    {
        AliasBody body = await request.ReadJsonAsync<AliasBody>(cancellationToken);
        ModelAlias? moved = await aliases.MoveAsync(
            environment,
            name,
            new AliasMove(body.Version, AliasExpectation.Nothing, request.ReadRequester(), body.Why),
            found =>
            {
                CheckDirect(environment, name, found);
                return ReadExpectation(request, found);
            },
            cancellationToken
        );
        if (moved is null)
        {
            return Results.NoContent();
        }
        request.HttpContext.Response.Headers.ETag = $"\"{moved.Tag}\"";
        return Answers.Json(moved);
    }

    [Function("ShowAlias")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/aliases/{environment}")] HttpRequest request,
        string name,
        string environment,
        CancellationToken cancellationToken
    )
    {
        ModelAlias alias = await aliases.FindAsync(environment, name, cancellationToken)
            ?? throw RequestProblem.NotFound($"Nothing serves '{name}' in {environment}.");
        request.HttpContext.Response.Headers.ETag = $"\"{alias.Tag}\"";
        return Answers.Json(alias);
    }

    private void CheckDirect(string environment, string name, ModelAlias? found)
    {
        if (!options.DirectEnvironments.Contains(environment) && !(found is null && options.FirstAliasDirect))
        {
            throw RequestProblem.Conflict(
                $"{(found is null ? "Nothing" : $"Version {found.Version} of '{name}'")} serves in {environment}, where aliases are set by "
                    + $"promotion: POST /api/promotions. Directly they are set in {string.Join(", ", options.DirectEnvironments)}."
            );
        }
    }

    private static AliasExpectation ReadExpectation(HttpRequest request, ModelAlias? found)
    {
        if (request.ReadIfMatch() is { } match)
        {
            return match == IfMatch.Any ? AliasExpectation.Something : AliasExpectation.OfTag(match);
        }
        return found is null || request.Headers.IfNoneMatch == "*"
            ? AliasExpectation.Nothing
            : throw new RequestProblem(
                StatusCodes.Status428PreconditionRequired,
                $"Version {found.Version} of '{found.Name}' serves in {found.Environment}: say in If-Match which alias is to be "
                    + $"moved; its tag is \"{found.Tag}\"."
            );
    }
}
