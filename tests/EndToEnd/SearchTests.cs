using System.Net;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Words beside meaning, through the front door: what is uploaded is found by its words, by phrases and through filters.</summary>
public sealed class SearchTests(SharedStack shared)
{
    private const string English = "The ferries of Quillmouth were moored while gales blew over the estuary all through the night.";
    private const string German = "Die Fähren von Quillmouth lagen vertäut, während in der Nacht die Stürme über die Mündung zogen.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploads_AreFoundByWords_Phrases_AndFilters()
    {
        AssetSource english = await UploadAsync(shared.Client.Azure, "words/english.txt", Encoding.UTF8.GetBytes(English));
        AssetSource german = await UploadAsync(shared.Client.S3, "words/german.txt", Encoding.UTF8.GetBytes(German));
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "sunset-over-the-bay.jpg"), Cancellation);
        // A byte after its end makes it another content than that of other tests.
        AssetSource image = await UploadAsync(shared.Client.Azure, "words/picture.jpg", [.. picture, 0]);
        AnalysisDocument analysis = (await shared.Client.FindAnalysisAsync(image.AssetId, Cancellation))!;
        string label = Uri.EscapeDataString(analysis.Image!.Labels[0].Label);

        SearchAnswer words = await FindAsync("q=ferry+quillmouth&mode=words", english);
        SearchAnswer counted = await FindAsync("q=Quillmouth&mode=words&facets=language,kind,store", english, german);
        SearchAnswer phrase = await FindAsync("q=%22gales+blew%22", english);
        SearchAnswer language = await FindAsync("q=Sturm+Quillmouth&language=de", german);
        SearchAnswer labelled = await FindAsync($"q={label}&mode=words&kind=image&label={label}&prefix=media%2Fwords%2F", image);
        SearchAnswer meaning = await FindAsync($"q=ferries+in+a+storm&mode=meaning&prefix=media%2Fwords%2F&kind=image", image);

        SearchHit hit = words.Hits.First(hit => hit.Asset == english.AssetId);
        Assert.Equal("words", hit.FoundBy);
        Assert.Equal(["ferries", "Quillmouth"], hit.Highlights.Select(mark => hit.Snippet.Substring(mark.Start, mark.Length)));
        Assert.Equal(("en", "text"), (hit.Language, hit.Modality));
        Assert.Contains(counted.Facets["language"], count => count is { Value: "de", Count: >= 1 });
        Assert.Equal([english.AssetId], phrase.Hits.Select(found => found.Asset));
        Assert.All(language.Hits, found => Assert.Equal("de", found.Language));
        SearchHit pictured = Assert.Single(labelled.Hits);
        Assert.Equal(("label", analysis.Image.Thumbnail.Path), (pictured.Modality, pictured.Picture));
        Assert.Equal([image.AssetId], meaning.Hits.Select(found => found.Asset));

        SearchAnswer similar = await shared.Client.FindSimilarAsync(english.AssetId, Cancellation);
        Assert.NotEmpty(similar.Hits);
        Assert.DoesNotContain(similar.Hits, found => found.Asset == english.AssetId);
    }

    [Theory]
    [InlineData("q=a&limit=1000000000")]
    [InlineData("q=a&limit=NaN")]
    [InlineData("q=a&colour=red")]
    [InlineData("q=-only")]
    [InlineData("q=a&after=nonsense")]
    public async Task ABadSearch_IsRefused(string query)
    {
        using HttpResponseMessage answer = await shared.Client.Http.GetAsync($"search?{query}", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("q=the+of+and&mode=words")]
    [InlineData("q=words%3Ax+AND+(a+OR+b)~%5E9+%5B1+TO+2%5D+%7B+%22&mode=words")]
    [InlineData("q=%2A%2A%2A")]
    public async Task AStrangeSearch_IsAnswered(string query)
    {
        using HttpResponseMessage answer = await shared.Client.Http.GetAsync($"search?{query}", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task ASearchLongerThanAnyAddress_IsRefused()
    {
        string query = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"&label=l{i}"));

        using HttpResponseMessage answer = await shared.Client.Http.GetAsync($"search?q=a{query}", Cancellation);

        Assert.InRange((int)answer.StatusCode, 400, 431);
    }

    /// <summary>What was added is found within a second: the answer that has all of them.</summary>
    private Task<SearchAnswer> FindAsync(string query, params AssetSource[] wanted) =>
        Eventually.HoldsAsync(
            async () =>
            {
                SearchAnswer answer = await shared.Client.SearchAsync(query, Cancellation);
                HashSet<string> found = [.. answer.Hits.Select(hit => hit.Asset)];
                return wanted.All(source => found.Contains(source.AssetId)) ? answer : null;
            },
            $"{query} to find {string.Join(", ", wanted.Select(source => source.Key))}",
            Limit,
            Cancellation
        );

    private async Task<AssetSource> UploadAsync(IObjectStore store, string name, byte[] content)
    {
        AssetSource source = await PipelineClient.UploadAsync(store, name, content, Cancellation);
        await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        return source;
    }
}
