using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.Validation;

internal sealed record GoldenMediaAnswer(string Media, long Bytes);

/// <param name="Pointers">The environments that judge by it from now on.</param>
internal sealed record GoldenAnswer(GoldenSet Set, IReadOnlyList<GoldenPointer> Pointers);

/// <summary>Golden sets: pictures first, then lines that mention them, and by which set an environment judges.</summary>
public sealed class GoldenFunction(GoldenSets golden, ModelRegistry registry, GoldenStoring storing)
{
    private const int MaxLineBytes = 64 << 20;
    private const int MaxSide = 1_280;
    private const int DefaultSide = 640;

    [Function("ListGolden")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(Answers.ListOf(await golden.ListAsync(cancellationToken), pointer => pointer));

    /// <summary>The body is a picture; the answer names it as items must.</summary>
    [Function("StoreGoldenMedia")]
    public async Task<IResult> StoreMediaAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/golden/media")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<byte> picture = await RequestBody.ReadAsync(request, GoldenSets.MaxMediaBytes, cancellationToken);
        return Answers.Json(
            new GoldenMediaAnswer(await golden.StoreMediaAsync(picture, cancellationToken), picture.Length),
            StatusCodes.Status201Created
        );
    }

    /// <summary>A picture of a golden set as people look at it: small, and without what it says of itself.</summary>
    [Function("ShowGoldenMedia")]
    public async Task<IResult> ShowMediaAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden/media/{digest}")] HttpRequest request,
        string digest,
        CancellationToken cancellationToken
    )
    {
        int side = request.ReadNumber("side", 16, MaxSide, otherwise: DefaultSide);
        byte[] picture = await golden.ReadThumbnailAsync($"sha256:{digest}", side, cancellationToken);
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "private, max-age=300"; // an erasure reaches it
        headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(picture, "image/jpeg");
    }

    /// <summary>
    /// The body is one JSON object a line. <c>scope</c> is models or tasks; <c>?environment=</c>, which may be repeated, says who judges by
    /// it; If-Match guards the pointer of a single environment.
    /// </summary>
    [Function("StoreGolden")]
    public async Task<IResult> StoreAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/golden/{scope}/{name}")] HttpRequest request,
        string scope,
        string name,
        CancellationToken cancellationToken
    )
    {
        (GoldenScope target, ModelTask task) = await ReadScopeAsync(request, scope, name, cancellationToken);
        string by = request.ReadRequester();
        string[] environments = [.. request.Query["environment"].OfType<string>().Where(e => e.Length > 0).Distinct()];
        string? tag = request.ReadIfMatch();
        if (tag is not null && environments.Length != 1)
        {
            throw RequestProblem.BadRequest($"If-Match comes with {environments.Length} environments; allowed is one.");
        }
        GoldenLines lines = GoldenLines.Read(await RequestBody.ReadAsync(request, MaxLineBytes, cancellationToken), task);
        GoldenAnswer answer = await storing.StoreAsync(target, lines, environments, by, tag, cancellationToken);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{answer.Set.Digest}";
        return Answers.Json(answer, StatusCodes.Status201Created);
    }

    [Function("ShowGolden")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden/{scope}/{name}/{digest}")] HttpRequest request,
        string scope,
        string name,
        string digest,
        CancellationToken cancellationToken
    ) =>
        Results.Bytes(
            (await golden.ReadAsync($"{GoldenScopes.Of(scope, name)}", digest, cancellationToken)).ToMemory(),
            "application/jsonl"
        );

    private async Task<(GoldenScope Scope, ModelTask Task)> ReadScopeAsync(
        HttpRequest request,
        string scope,
        string name,
        CancellationToken cancellationToken
    )
    {
        GoldenScope target = GoldenScopes.Of(scope, name);
        if (target.Kind == "tasks")
        {
            return (target, GoldenScopes.TaskOf(name));
        }
        ModelTask? task = request.ReadName<ModelTask>("task")
            ?? ((await registry.ListAsync(name, cancellationToken)).Items is [.., var newest] ? newest.Task : null);
        return (
            target,
            task
                ?? throw RequestProblem.BadRequest(
                    $"There is no model '{name}' to tell the task from, and task is missing; allowed are "
                        + $"{string.Join(", ", Enum.GetNames<ModelTask>())}."
                )
        );
    }
}
