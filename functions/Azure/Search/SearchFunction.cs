using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Serving;
using Serverless.Vectors;

namespace Serverless.Functions.Azure.Search;

/// <summary>Finds passages, images and shots: by words (<c>?q=</c>), or by a picture that looks alike (the body).</summary>
public sealed class SearchFunction(
    AssetIndex index,
    QueryVectors vectors,
    CallerPictures pictures,
    PredictionOptions predictions,
    AnalysisOptions options,
    LedgerViews views,
    TimeProvider time
)
{
    private const int MaxQueryCharacters = 2_000;
    private const int MaxPictureBytes = 20 << 20;
    private const int MaxHits = 100;

    [Function("SearchByText")]
    public async Task<IResult> ByTextAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/search")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        string query = request.ReadText("q", MaxQueryCharacters)
            ?? throw RequestProblem.BadRequest($"q is empty; allowed are 1 to {MaxQueryCharacters} characters.");
        (int limit, string? kind) = (LimitOf(request), KindOf(request));
        QueryVector vector = await vectors.OfTextAsync(query, DeadlineOf(request), cancellationToken);
        IReadOnlyList<VectorHit> hits = await index.SearchAsync(ModelRole.TextEmbedding, vector, limit, kind, cancellationToken);
        return await AnswerAsync(hits, started, cancellationToken);
    }

    [Function("SearchByImage")]
    public async Task<IResult> ByImageAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/search")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        (int limit, string? kind) = (LimitOf(request), KindOf(request));
        using MemoryStream body = new();
        await new LimitedStream(request.Body, MaxPictureBytes).CopyToAsync(body, cancellationToken);
        ReadOnlyMemory<byte> bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        MediaVerdict verdict = MediaSniffer.Sniff(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadBytes)], bytes.Length);
        if (verdict.Kind != MediaKind.Image)
        {
            throw RequestProblem.Unsupported($"The body is {verdict.MediaType}; allowed is an image: JPEG, PNG, WebP, GIF or TIFF.");
        }

        DateTimeOffset deadline = DeadlineOf(request);
        int side = await vectors.InputSideAsync(deadline, cancellationToken);
        DecodedImage image = await pictures.DecodeAsync(bytes, options.DecodePixels, side, deadline, cancellationToken);
        QueryVector vector = await vectors.OfPictureAsync(image, bytes.Length, deadline, cancellationToken);
        IReadOnlyList<VectorHit> hits = await index.SearchAsync(ModelRole.ImageEmbedding, vector, limit, kind, cancellationToken);
        return await AnswerAsync(hits, started, cancellationToken);
    }

    private DateTimeOffset DeadlineOf(HttpRequest request) =>
        time.GetUtcNow() + CallTermsReader.ReadDeadline(request, predictions.MaxDeadline);

    private static int LimitOf(HttpRequest request) => request.ReadNumber("limit", 1, MaxHits, otherwise: 10);

    private static string? KindOf(HttpRequest request) => request.ReadName<MediaKind>("kind") is { } kind ? EntryKind.Of(kind) : null;

    private async Task<IResult> AnswerAsync(IReadOnlyList<VectorHit> hits, long started, CancellationToken cancellationToken)
    {
        // A view learns of new assets when it is asked for; a hit may be younger than that.
        if (hits.Any(hit => views.Find(hit.Asset) is null))
        {
            await views.RefreshAsync(cancellationToken);
        }
        SearchHit[] found = [.. hits.Select(hit => SearchHit.Of(hit, views.Find(hit.Asset)))];
        return Answers.Json(new SearchAnswer(found, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2)));
    }
}
