using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Functions.Azure.Validation;

/// <summary>Drafts of golden sets: people look at each item, then a set is made of those that they accept.</summary>
public sealed class GoldenDraftsFunction(
    GoldenDrafts drafts,
    GoldenSets golden,
    GoldenDraftRemoval removal,
    GoldenStoring storing,
    ModelRegistry registry
)
{
    [Function("ListGoldenDrafts")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden-drafts")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        Listed<GoldenDraft> all = await drafts.ListAsync(cancellationToken);
        GoldenDraftLine[] lines = [.. all.Items.OrderByDescending(draft => draft.At).Select(GoldenDraftLine.Of)];
        return Answers.Json(new ListAnswer<GoldenDraftLine>(lines, Next: null, Faults: all.Faults.OrAbsent()));
    }

    [Function("ShowGoldenDraft")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/golden-drafts/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        GoldenDraft draft = await FindAsync(id, cancellationToken);
        DraftedItem[] items =
        [
            .. (await drafts.ReadAsync(id, cancellationToken))
                .Where(item => draft.Reviews.ContainsKey(item.Id))
                .Select(item => DraftedItem.Of(item, draft.Reviews[item.Id])),
        ];
        return Answers.Json(new GoldenDraftAnswer(GoldenDraftLine.Of(draft), items));
    }

    /// <summary>Says of one item whether it may be judged by; again, whatever was said before.</summary>
    [Function("ReviewGoldenItem")]
    public async Task<IResult> ReviewAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/golden-drafts/{id}/items/{item}")] HttpRequest request,
        string id,
        string item,
        CancellationToken cancellationToken
    )
    {
        ItemReviewRequest said = await request.ReadJsonAsync<ItemReviewRequest>(cancellationToken);
        GoldenDraft draft = await drafts.ReviewAsync(id, item, said.Review, said.Label, request.ReadRequester(), cancellationToken);
        return Answers.Json(GoldenDraftLine.Of(draft));
    }

    /// <summary>Makes a golden set of the items that were accepted. The draft is done then, and goes.</summary>
    [Function("FinishGoldenDraft")]
    public async Task<IResult> FinishAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/golden-drafts/{id}/set")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        FinishDraftRequest wanted = await request.ReadJsonAsync<FinishDraftRequest>(cancellationToken);
        string by = request.ReadRequester();
        GoldenScope scope = GoldenScopes.Of(wanted.Scope, wanted.Name);
        GoldenDraft draft = await FindAsync(id, cancellationToken);
        ReadOnlyMemory<byte> lines = await drafts.FinishAsync(draft, cancellationToken);
        if (wanted.With is { } other)
        {
            lines = Join(await golden.ReadAsync($"{scope}", other, cancellationToken), lines);
        }
        GoldenLines read = GoldenLines.Read(lines, await TaskOfAsync(scope, draft, cancellationToken));
        GoldenAnswer answer = await storing.StoreAsync(
            scope,
            read,
            [.. (wanted.Environments ?? []).Distinct()],
            by,
            tag: null,
            cancellationToken
        );
        await removal.RemoveAsync(id, cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/golden/{scope}/{answer.Set.Digest}";
        return Answers.Json(answer, StatusCodes.Status201Created);
    }

    /// <summary>Its pictures too, but for those that a set mentions.</summary>
    [Function("RemoveGoldenDraft")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/golden-drafts/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        return await removal.RemoveAsync(id, cancellationToken) ? Results.NoContent() : throw Missing(id);
    }

    private async Task<GoldenDraft> FindAsync(string id, CancellationToken cancellationToken) =>
        await drafts.FindAsync(id, cancellationToken) ?? throw Missing(id);

    private static RequestProblem Missing(string id) => RequestProblem.NotFound($"There is no draft '{id}'.");

    /// <summary>As versions of the model have it, by which the set will be read.</summary>
    private async Task<ModelTask> TaskOfAsync(GoldenScope scope, GoldenDraft draft, CancellationToken cancellationToken) =>
        scope.Kind == "tasks" ? GoldenScopes.TaskOf(scope.Name)
        : (await registry.ListAsync(scope.Name, cancellationToken)).Items is [.., var newest] ? newest.Task
        : draft.Task;

    private static ReadOnlyMemory<byte> Join(BinaryData first, ReadOnlyMemory<byte> second)
    {
        using MemoryStream lines = new();
        lines.Write(first.ToMemory().Span);
        lines.WriteByte((byte)'\n');
        lines.Write(second.Span);
        return lines.ToArray();
    }
}
