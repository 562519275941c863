using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// An alias decides what uploads get: once another version serves, new uploads are analysed by it and older ones anew, searches turn to the
/// vectors of an embedding model when they are complete, and a rollback turns them back.
/// </summary>
public sealed class AliasTests
{
    private const string Environment = "dev"; // whose aliases move without a promotion
    private const string Phrase = "The lighthouse of Quillhaven was painted blue.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alias_OfAnEmbeddingModel_MovesUploadsAndSearches_AndBack()
    {
        await using LocalStack stack = await OwnStack.StartAsync("alias", ("Roles:Environment", Environment));
        using PipelineClient client = new(stack);
        AssetSource[] uploads = [await UploadAsync(client, client.Azure, "a.txt"), await UploadAsync(client, client.S3, "b.txt")];
        foreach (AssetSource upload in uploads)
        {
            Assert.Equal("1", VersionIn(await Settled.AnalysisAsync(client, upload, Cancellation)));
            await UntilFoundAsync(client, upload);
        }
        int second = await SampleModels.RegisterAnotherAsync(
            client.Http,
            "text-embedding",
            Path.Combine(stack.Options.DataDirectory, "another"),
            Cancellation
        );

        await Aliases.MoveAsync(client, "text-embedding", Environment, second);
        foreach (AssetSource upload in uploads)
        {
            AnalysisDocument revised = await UntilAsync(client, upload, document => document.Revision == 2);
            Assert.Equal("2", VersionIn(revised));
            HashSet<string> found = [.. (await client.SearchAsync(Phrase, "text", 10, Cancellation)).Hits.Select(hit => hit.Asset)];
            Assert.All(uploads, one => Assert.Contains(one.AssetId, found)); // also while a space is filled
        }
        await UntilSearchedAsync(client, "2");
        AssetSource third = await UploadAsync(client, client.Azure, "c.txt");
        AnalysisDocument both = await Settled.AnalysisAsync(client, third, Cancellation);
        Assert.Equal(["1", "2"], both.Models.Where(use => use.Name == "text-embedding").Select(use => use.Version).Order());
        Assert.Equal(2, both.Embeddings.Count);

        await Aliases.MoveAsync(client, "text-embedding", Environment, 1);
        await UntilSearchedAsync(client, "1");
        Assert.Equal(third.AssetId, (await client.SearchAsync(PhraseOf("c.txt"), "text", 1, Cancellation)).Hits[0].Asset);
    }

    private static async Task<AssetSource> UploadAsync(PipelineClient client, Storage.IObjectStore store, string name) =>
        await PipelineClient.UploadAsync(store, name, Encoding.UTF8.GetBytes(PhraseOf(name)), Cancellation);

    private static string PhraseOf(string name) => $"{Phrase} So says {name}.";

    private static string VersionIn(AnalysisDocument document) => document.Models.First(use => use.Name == "text-embedding").Version;

    private static Task<AnalysisDocument> UntilAsync(PipelineClient client, AssetSource source, Func<AnalysisDocument, bool> holds) =>
        Eventually.HoldsAsync(
            async () => await client.FindAnalysisAsync(source.AssetId, Cancellation) is { } found && holds(found) ? found : null,
            $"another analysis of {source.Key}",
            Limit,
            Cancellation
        );

    private static Task<AssetSource> UntilFoundAsync(PipelineClient client, AssetSource source) =>
        Eventually.HoldsAsync(
            async () =>
                (await client.SearchAsync(Phrase, "text", 10, Cancellation)).Hits.Any(hit => hit.Asset == source.AssetId) ? source : null,
            $"a hit of {source.Key}",
            Limit,
            Cancellation
        );

    /// <summary>The captures of queries would say it too, later.</summary>
    private static async Task UntilSearchedAsync(PipelineClient client, string version) =>
        await Eventually.HoldsAsync(
            async () =>
            {
                var content = await client.Azure.ReadAsync($"registry/spaces/{Environment}/textEmbedding.json", 1 << 20, Cancellation);
                return JsonDocument.Parse(content!.Data).RootElement.GetProperty("serving").GetProperty("version").ToString() == version
                    ? version
                    : null;
            },
            $"searches in the space of version {version}",
            Limit,
            Cancellation
        );
}
