using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Local.Queues;

namespace Serverless.Local.Lambda;

/// <summary>
/// What senders need of Amazon SQS, in its JSON protocol: SendMessage and SendMessageBatch. Beside it stand the health of the service and
/// the dead letters. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
/// </summary>
internal sealed class QueueApi(LambdaOptions options, MessageQueue queue, Wakeup work)
{
    public const string ContentType = "application/x-amz-json-1.0";

    private const string TargetHeader = "X-Amz-Target";
    private const int MaxEntries = 10;
    private const long MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public void Map(IEndpointRouteBuilder routes, Func<bool> isReady)
    {
        routes.MapPost("/", SendAsync);
        routes.MapPost("/{account}/{queue}", SendAsync);
        routes.MapGet("/health", () =>
            Results.Json(queue.Count(), statusCode: isReady() ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable)
        );
        routes.MapGet("/dead-letters", queue.ReadDeadLetters);
    }

    private async Task<IResult> SendAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is not <= MaxBytes)
        {
            return Refuse("BatchRequestTooLong", $"A request has a length of at most {MaxBytes} bytes.");
        }

        try
        {
            string target = request.Headers[TargetHeader].ToString();
            return target switch
            {
                "AmazonSQS.SendMessage" => Send(
                    (await JsonSerializer.DeserializeAsync<SendMessage>(request.Body, Json, cancellationToken))!
                ),
                "AmazonSQS.SendMessageBatch" => Send(
                    (await JsonSerializer.DeserializeAsync<SendMessageBatch>(request.Body, Json, cancellationToken))!
                ),
                _ => Refuse(
                    "UnsupportedOperation",
                    $"{TargetHeader} is '{target}'; AmazonSQS.SendMessage and AmazonSQS.SendMessageBatch are served."
                ),
            };
        }
        catch (JsonException e)
        {
            return Refuse("InvalidParameterValue", e.Message);
        }
    }

    private IResult Send(SendMessage message) =>
        FindProblem(message.QueueUrl)
        ?? Results.Json(
            Keep([message.MessageBody]).Select(kept => new { kept.MessageId, kept.MD5OfMessageBody }).Single(),
            Json,
            ContentType
        );

    private IResult Send(SendMessageBatch batch)
    {
        if (batch.Entries is not { Count: > 0 and <= MaxEntries })
        {
            return Refuse(
                "TooManyEntriesInBatchRequest",
                $"The batch has {batch.Entries?.Count ?? 0} entries; allowed are 1 to {MaxEntries}."
            );
        }

        if (batch.Entries.DistinctBy(entry => entry.Id).Count() < batch.Entries.Count)
        {
            return Refuse("BatchEntryIdsNotDistinct", "Two entries of the batch have one id.");
        }

        if (FindProblem(batch.QueueUrl) is { } problem)
        {
            return problem;
        }

        IEnumerable<object> successful = Keep([.. batch.Entries.Select(entry => entry.MessageBody)])
            .Zip(batch.Entries, (kept, entry) => new
                {
                    entry.Id,
                    kept.MessageId,
                    kept.MD5OfMessageBody,
                });
        return Results.Json(new { Successful = successful, Failed = Array.Empty<object>() }, Json, ContentType);
    }

    private IResult? FindProblem(string queueUrl) =>
        queueUrl[(queueUrl.LastIndexOf('/') + 1)..] == options.Queue
            ? null
            : Refuse("QueueDoesNotExist", $"There is no queue '{queueUrl}'; the one here is '{options.Queue}'.");

    /// <summary>They are on disk when this returns.</summary>
    private List<(string MessageId, string MD5OfMessageBody)> Keep(IReadOnlyList<string> bodies)
    {
        IReadOnlyList<string> ids = queue.Send(bodies);
        work.Signal();
        return [.. ids.Zip(bodies, (id, body) => (id, SqsBatch.Md5Of(body)))];
    }

    private static IResult Refuse(string type, string message) =>
        Results.Json(new Refusal($"com.amazonaws.sqs#{type}", message), Json, ContentType, StatusCodes.Status400BadRequest);

    private sealed record SendMessage(string QueueUrl, string MessageBody);

    private sealed record SendMessageBatch(string QueueUrl, IReadOnlyList<SendMessageBatchEntry> Entries);

    private sealed record SendMessageBatchEntry(string Id, string MessageBody);

    private sealed record Refusal(
        [property: JsonPropertyName("__type")] string Type,
        [property: JsonPropertyName("message")] string Message
    );
}
