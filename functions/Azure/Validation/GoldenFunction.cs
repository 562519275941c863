using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Exports;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.Validation;

internal sealed record GoldenMediaAnswer(string Media, long Bytes);

/// <param name="Pointers">The environments that judge by it from now on.</param>
internal sealed record GoldenAnswer(GoldenSet Set, IReadOnlyList<GoldenPointer> Pointers);

/// <summary>Golden sets: pictures first, then lines that mention them, and by which set an environment judges.</summary>
public sealed class GoldenFunction(GoldenSets golden, ModelRegistry registry, GoldenErasure erasure, ErasedAssets erased)
{
    private const int MaxLineBytes = 64 << 20;

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
        GoldenSet set = await golden.StoreAsync(target, lines, cancellationToken);
        await RefuseErasedAsync(lines.Items, by, cancellationToken);
        List<GoldenPointer> pointers = [];
        foreach (string environment in environments)
        {
            pointers.Add(await golden.PointAsync(environment, target, set, by, tag, cancellationToken));
        }
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{set.Digest}";
        return Answers.Json(new GoldenAnswer(set, pointers), StatusCodes.Status201Created);
    }

    [Function("ShowGolden")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden/{scope}/{name}/{digest}")] HttpRequest request,
        string scope,
        string name,
        string digest,
        CancellationToken cancellationToken
    ) => Results.Bytes((await golden.ReadAsync($"{ScopeOf(scope, name)}", digest, cancellationToken)).ToMemory(), "application/jsonl");

    /// <summary>After the set is stored: so of an erasure and this at once at least one sees the other.</summary>
    private async Task RefuseErasedAsync(IReadOnlyList<GoldenItem> items, string by, CancellationToken cancellationToken)
    {
        GoldenItem[] drawn = [.. items.Where(item => item.Asset is not null)];
        if (drawn.Length == 0)
        {
            return;
        }
        IReadOnlySet<string> gone = await erased(cancellationToken);
        GoldenItem[] refused = [.. drawn.Where(item => gone.Contains(item.Asset!))];
        foreach (string asset in refused.Select(item => item.Asset!).Distinct())
        {
            await erasure.RemoveAsync(asset, by, cancellationToken);
        }
        if (refused is [var first, ..])
        {
            throw new GoldenException(
                GoldenFault.Invalid,
                $"{refused.Length} of {items.Count} items are drawn from assets that were erased, '{first.Id}' from {first.Asset}; "
                    + $"leave them out."
            );
        }
    }

    private async Task<(GoldenScope Scope, ModelTask Task)> ReadScopeAsync(
        HttpRequest request,
        string scope,
        string name,
        CancellationToken cancellationToken
    )
    {
        GoldenScope target = ScopeOf(scope, name);
        if (target.Kind == "tasks")
        {
            return (target, TaskOf(name));
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

    private static GoldenScope ScopeOf(string scope, string name) =>
        scope switch
        {
            "models" => GoldenScope.OfModel(name),
            "tasks" => GoldenScope.OfTask(TaskOf(name)),
            _ => throw RequestProblem.NotFound($"There are no golden sets of '{scope}'; there are those of models and of tasks."),
        };

    private static ModelTask TaskOf(string name) =>
        EnumName.Find<ModelTask>(name)
        ?? throw RequestProblem.NotFound($"There is no task '{name}'; there are {string.Join(", ", Enum.GetNames<ModelTask>())}.");
}
