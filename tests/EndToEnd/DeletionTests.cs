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

    private async Task<bool> IsFoundAsync(string phrase, AssetSource source) =>
        (await shared.Client.SearchAsync(phrase, "text", 10, Cancellation)).Hits.Any(hit =>
            hit.Store == source.Store && hit.Key == source.Key
        );

    private static async Task<int> CountFindingsAsync(IObjectStore store, AssetSource source) =>
        await store.ListAsync(AssetLayout.Analyses(source.AssetId), Cancellation).CountAsync(Cancellation);
}
