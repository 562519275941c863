using System.Net;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>An object that is deleted from its store takes along what was made of it, long before the reconcile would find out.</summary>
public sealed class DeletionTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("azure")]
    [InlineData("s3")]
    public async Task Delete_OfAnUpload_IsFollowedByItsFindingsAndItsHits(string name)
    {
        IObjectStore store = shared.Client.Stores.Single(store => store.Name == name);
        string phrase = $"The ferry of Quillhaven to {name} was sold to a lighthouse keeper.";
        AssetSource source = await PipelineClient.UploadAsync(
            store,
            "deleted/ä b+c 100%.txt",
            Encoding.UTF8.GetBytes(phrase),
            Cancellation
        );
        await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        await Eventually.HoldsAsync(async () => await IsFoundAsync(phrase, source) ? source : null, "a hit", Limit, Cancellation);

        await store.DeleteAsync(AssetLayout.MediaPrefix + "deleted/ä b+c 100%.txt", Cancellation);

        await Eventually.HoldsAsync(
            async () => await IsFoundAsync(phrase, source) || await CountFindingsAsync(store, source) > 0 ? null : source,
            "no hit and no findings",
            Limit,
            Cancellation
        );
        Assert.Equal(AssetState.Gone, (await Settled.EntryAsync(shared.Client, source, Cancellation))!.State);
    }

    /// <summary>A run at work cannot be purged; the erasure is not to fail of it.</summary>
    [Fact]
    public async Task Erasure_OfAnUploadThatIsBeingAnalysed_LeavesNothingOfIt()
    {
        byte[] text = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 20_000).Select(i => $"The ferry of Quillhaven left pier {i}. "))
        );
        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "deleted/long.txt", text, Cancellation);
        await Eventually.HoldsAsync(
            async () => await Settled.EntryAsync(shared.Client, source, Cancellation) is { State: AssetState.Processing } now ? now : null,
            "an analysis under way",
            Limit,
            Cancellation
        );

        using HttpRequestMessage erase = new(HttpMethod.Delete, $"assets/{source.AssetId}") { Headers = { { "X-Requested-By", "tests" } } };
        using HttpResponseMessage erased = await shared.Client.Http.SendAsync(erase, Cancellation);
        using HttpResponseMessage shown = await shared.Client.Http.GetAsync($"assets/{source.AssetId}", Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (erased.StatusCode, shown.StatusCode));
        Assert.Null(await shared.Client.Azure.FindAsync(AssetLayout.MediaPrefix + "deleted/long.txt", Cancellation));
    }

    private async Task<bool> IsFoundAsync(string phrase, AssetSource source) =>
        (await shared.Client.SearchAsync(phrase, "text", 10, Cancellation)).Hits.Any(hit =>
            hit.Store == source.Store && hit.Key == source.Key
        );

    private static async Task<int> CountFindingsAsync(IObjectStore store, AssetSource source) =>
        await store.ListAsync(AssetLayout.Analyses(source.AssetId), Cancellation).CountAsync(Cancellation);
}
