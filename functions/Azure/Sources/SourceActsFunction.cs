using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Sources;

namespace Serverless.Functions.Azure.Sources;

/// <summary>Adds sources, changes and removes them. The document is written first; whatever it asks for is started after it.</summary>
public sealed class SourceActsFunction(SourceBook book, SourceAnswers answers, TimeProvider time)
{
    private static readonly string[] Choices = ["keep", "erase"];

    [Function("AddSource")]
    public async Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sources")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        AddSourceRequest wanted = await request.ReadJsonAsync<AddSourceRequest>(cancellationToken);
        MediaSource source = await book.AddAsync(wanted.ToSource(request.ReadRequester(), time.GetUtcNow()), cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/sources/{source.Store}/{source.Name}";
        return await StartAsync(source, client, StatusCodes.Status201Created, cancellationToken);
    }

    [Function("ChangeSource")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "api/sources/{store}/{name}")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        ChangeSourceRequest wanted = await request.ReadJsonAsync<ChangeSourceRequest>(cancellationToken);
        ReasonRequest.Check(wanted.Reason);
        MediaSource source = await book.ChangeAsync(store, name, request.ReadRequester(), wanted.Apply, cancellationToken);
        return await StartAsync(source, client, StatusCodes.Status200OK, cancellationToken);
    }

    /// <summary>A sync that is at work ends; what was begun goes on.</summary>
    [Function("PauseSource")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sources/{store}/{name}/pause")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) =>
        ActAsync(
            request,
            store,
            name,
            source => source.State == SourceState.Paused ? source : source with { State = SourceState.Paused },
            client,
            cancellationToken
        );

    /// <summary>With a sync, which begins what came meanwhile.</summary>
    [Function("ResumeSource")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sources/{store}/{name}/resume")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) =>
        ActAsync(
            request,
            store,
            name,
            source => source.State == SourceState.Active ? source : WithSync(source with { State = SourceState.Active }),
            client,
            cancellationToken
        );

    [Function("StartSourceSync")]
    public Task<IResult> SyncAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sources/{store}/{name}/sync")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) =>
        ActAsync(
            request,
            store,
            name,
            source =>
                source.State == SourceState.Active
                    ? WithSync(source)
                    : throw new SourceException(SourceFault.Conflict, $"Source '{name}' is paused; a sync begins when it is resumed."),
            client,
            cancellationToken
        );

    /// <summary>What was made of its assets stays or goes, as it is asked for; the objects stay where they are.</summary>
    [Function("RemoveSource")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/sources/{store}/{name}")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string choice = request.ReadOneOf("analyses", Choices)
            ?? throw RequestProblem.BadRequest(
                "analyses is missing; allowed are keep and erase: what becomes of what was made of its assets."
            );
        return ActAsync(
            request,
            store,
            name,
            source => source with { State = SourceState.Removed, Erases = choice == "erase", Erased = null },
            client,
            cancellationToken
        );
    }

    private static MediaSource WithSync(MediaSource source) => source with { Sync = source.Sync + 1, Synced = null };

    private async Task<IResult> ActAsync(
        HttpRequest request,
        string store,
        string name,
        Func<MediaSource, MediaSource> change,
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        await ReasonRequest.ReadAsync(request, cancellationToken); // for the log of acts
        MediaSource source = await book.ChangeAsync(store, name, by, change, cancellationToken);
        return await StartAsync(source, client, StatusCodes.Status200OK, cancellationToken);
    }

    private async Task<IResult> StartAsync(MediaSource source, DurableTaskClient client, int status, CancellationToken cancellationToken)
    {
        await client.StartAsync(source, cancellationToken);
        return Answers.Json(await answers.AnswerAsync(source, client, cancellationToken), status);
    }
}
