using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Captures.Reports;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>
/// Feedback as files: one JSON object a line, as <c>POST /api/feedback</c> takes it, put below feedback/inbox/ of the Azure store.
/// </summary>
public sealed class FeedbackFilesFunction(
    OutcomeFiles files,
    AzureObjectStore store,
    RegistryOptions environments,
    UploadOptions uploads,
    TimeProvider time,
    ILogger<FeedbackFilesFunction> log
)
{
    private const int MaxPage = 200;
    private const int MaxNameCharacters = 100;

    [Function("TakeFeedbackFiles")]
    public async Task OnTimerAsync([TimerTrigger("10 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (OutcomeFileResult result in await files.TakeAsync(environments.Environments, cancellationToken))
        {
            log.FeedbackFileTaken(result.Name, result.Taken, result.Rejected);
        }
    }

    [Function("CreateFeedbackAddress")]
    public async Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/feedback/files/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (name.Length > MaxNameCharacters || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw RequestProblem.BadRequest($"name is '{name}'; allowed are 1 to {MaxNameCharacters} letters, digits, '-' and '_'.");
        }
        string path = $"{OutcomeFiles.Inbox}{name}.jsonl";
        UploadAddress upload = await store.CreateUploadAddressAsync(
            path,
            GivenMetadata.None,
            time.GetUtcNow() + uploads.AddressLifetime,
            cancellationToken
        );
        return UploadAddressAnswer.Send(request, store, path, asset: null, upload);
    }

    [Function("ListFeedbackFiles")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/feedback/files")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        return Answers.Json(Answers.ListOf(await files.ListAsync(limit, cancellationToken), result => result));
    }
}
