using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Serving;
using Serverless.Words;

namespace Serverless.Functions.Azure.Search;

/// <summary>Finds passages, images and shots: by a text (<c>?q=</c>), or by a picture that looks alike (the body).</summary>
public sealed class SearchFunction(
    IAssetSearch search,
    SearchAnswers answers,
    QueryVectors vectors,
    CallerPictures pictures,
    PredictionOptions predictions,
    AnalysisOptions options,
    AssetStores stores,
    TimeProvider time
)
{
    private const int MaxQueryCharacters = 2_000;
    private const int MaxPictureBytes = 20 << 20;

    [Function("SearchByText")]
    public async Task<IResult> ByTextAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/search")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        string text = request.ReadText("q", MaxQueryCharacters)
            ?? throw RequestProblem.BadRequest($"q is empty; allowed are 1 to {MaxQueryCharacters} characters.");
        SearchMode mode = request.ReadName<SearchMode>("mode") ?? SearchMode.Both;
        SearchTerms terms = TermsOf(request);
        WordQuery? words = mode is SearchMode.Both or SearchMode.Words ? WordsOf(text) : null;
        ModelRole role = mode == SearchMode.Look ? ModelRole.ImageEmbedding : ModelRole.TextEmbedding;
        string meant = words?.Meaning ?? text;
        QueryVector? vector =
            mode == SearchMode.Words ? null : await vectors.OfTextAsync(role, meant, DeadlineOf(request), cancellationToken);
        AssetQuery query = QueryOf(terms, words, vector, role);
        return await answers.WriteAsync(await search.SearchAsync(query, cancellationToken), started, cancellationToken);
    }

    [Function("SearchByImage")]
    public async Task<IResult> ByImageAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/search")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        SearchTerms terms = TermsOf(request);
        pictures.CheckRoom();
        ReadOnlyMemory<byte> bytes = await RequestBody.ReadAsync(request, MaxPictureBytes, cancellationToken);
        MediaVerdict verdict = MediaSniffer.Sniff(bytes.Span);
        if (verdict.Kind != MediaKind.Image)
        {
            throw RequestProblem.Unsupported($"The body is {verdict.MediaType}; allowed is an image: JPEG, PNG, WebP, GIF or TIFF.");
        }

        DateTimeOffset deadline = DeadlineOf(request);
        int side = await vectors.InputSideAsync(deadline, cancellationToken);
        DecodedImage image = await pictures.DecodeAsync(bytes, options.DecodePixels, side, deadline, cancellationToken);
        QueryVector vector = await vectors.OfPictureAsync(image, bytes.Length, deadline, cancellationToken);
        AssetQuery query = QueryOf(terms, words: null, vector, ModelRole.ImageEmbedding);
        return await answers.WriteAsync(await search.SearchAsync(query, cancellationToken), started, cancellationToken);
    }

    private static AssetQuery QueryOf(SearchTerms terms, WordQuery? words, QueryVector? vector, ModelRole role) =>
        new(words, vector, role, terms.Filter, terms.Limit) { After = terms.After, Facets = terms.Facets };

    private static WordQuery WordsOf(string text)
    {
        WordQuery words;
        try
        {
            words = WordQuery.Parse(text);
        }
        catch (ArgumentException)
        {
            throw RequestProblem.BadRequest($"q has more than {WordQuery.MaxParts} different words; allowed are as many, or mode=meaning.");
        }
        return words.LooksForSomething ? words
            : words.IsEmpty ? throw RequestProblem.BadRequest("q has nothing between its quotation marks; allowed are 1 or more words.")
            : throw RequestProblem.BadRequest(
                "q only says what must not be there (-word); allowed is a q that also says what to look for."
            );
    }

    private SearchTerms TermsOf(HttpRequest request) => SearchTerms.Read(request, stores.All.Select(store => store.Name));

    private DateTimeOffset DeadlineOf(HttpRequest request) =>
        time.GetUtcNow() + CallTermsReader.ReadDeadline(request, predictions.MaxDeadline);
}
