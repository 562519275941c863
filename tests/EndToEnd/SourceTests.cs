using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Ingest.Sources;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Containers and buckets that become sources while the pipeline runs, with what is in them already.</summary>
public sealed class SourceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AContainer_IsSyncedPausedResumedAndRemoved()
    {
        await using LocalStack stack = await OwnStack.StartAsync("sources");
        using PipelineClient client = new(stack);
        IObjectStore account = client.Azure;
        await Sources.PutAsync(account, "archive/news/", 0, 12);
        await Sources.PutAsync(account, "archive/other/", 0, 3);
        await Sources.PutAsync(account, "archive/news/", 100, 2, ".log");

        JsonElement preview = await Sources.FetchAsync(client, "sources/preview?store=azure&container=archive&prefix=news/&type=text");
        Assert.Equal((14, 12), (preview.GetProperty("seen").GetInt32(), preview.GetProperty("matched").GetInt32()));
        JsonElement added = await Sources.SendAsync(
            client,
            HttpMethod.Post,
            "sources",
            HttpStatusCode.Created,
            new
            {
                name = "archive",
                store = "azure",
                container = "archive",
                prefixes = new[] { "news/" },
                types = new[] { "text" },
                ratePerSecond = 20,
                reason = "the archive of 2025",
            }
        );
        Assert.Equal("starting", added.GetProperty("sync").GetProperty("stage").GetString());
        JsonElement synced = await Sources.StageAsync(client, "azure/archive", "completed");
        Assert.Equal(
            (14, 12, 2, 12),
            (
                Sources.Of(synced, "seen"),
                Sources.Of(synced, "matched"),
                Sources.Of(synced, "skipped"),
                Sources.Of(synced, "begun") + Sources.Of(synced, "known")
            )
        );
        await Sources.CountsAsync(client, "azure/archive", new SourceCounts(Expected: 12, Processed: 12));

        // One more, in the archive: the reconcile finds it, takes it up once it is restored, and the summary of the store counts it.
        BlobClient blob = new BlobServiceClient(stack.AzureConnectionString).GetBlobContainerClient("archive").GetBlobClient("news/12.txt");
        await Sources.PutAsync(account, "archive/news/", 12, 1);
        await blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancellation);
        await client.ReconcileAsync(Cancellation);
        await Sources.CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 12, Quarantined: 1));
        JsonElement archived = (await Sources.FetchAsync(client, "assets?failure=archived")).GetProperty("items")[0];
        Assert.Equal(
            ("news/12.txt", "Archive"),
            (archived.GetProperty("key").GetString(), archived.GetProperty("storageClass").GetString())
        );
        await blob.SetAccessTierAsync(AccessTier.Cool, cancellationToken: Cancellation);
        await client.ReconcileAsync(Cancellation);
        await Sources.CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 13));
        await Settled.NothingMissingAsync(client, 13, Limit, Cancellation);

        await Sources.SendAsync(client, HttpMethod.Post, "sources/azure/archive/pause", HttpStatusCode.OK);
        await Sources.PutAsync(account, "archive/news/", 13, 1);
        await account.DeleteAsync("archive/news/0.txt", Cancellation);
        await client.ReconcileAsync(Cancellation);
        await Sources.CountsAsync(client, "azure/archive", new SourceCounts(Expected: 12, Processed: 12, Deleted: 1));

        await Sources.SendAsync(client, HttpMethod.Post, "sources/azure/archive/resume", HttpStatusCode.OK);
        await Sources.StageAsync(client, "azure/archive", "completed");
        await Sources.CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 13, Deleted: 1));

        await Sources.SendAsync(client, HttpMethod.Delete, "sources/azure/archive", HttpStatusCode.BadRequest);
        await Sources.SendAsync(client, HttpMethod.Delete, "sources/azure/archive?analyses=keep", HttpStatusCode.OK);
        Assert.DoesNotContain((await Sources.FetchAsync(client, "sources")).GetProperty("items").EnumerateArray(), IsArchive);
        Assert.Equal(13, await Sources.CountAnalysesAsync(account));
        Assert.Equal(16, await account.ListAsync("archive/", Cancellation).CountAsync(Cancellation) - 2);

        JsonElement acts = await Sources.FetchAsync(client, "audit");
        string[] logged = [.. acts.GetProperty("items").EnumerateArray().Select(act => act.GetProperty("act").GetString()!)];
        Assert.Superset(new HashSet<string> { "AddSource", "PauseSource", "ResumeSource", "RemoveSource" }, logged.ToHashSet());
        AssertContainersAreKnown(stack);
    }

    /// <summary>What the pipeline writes to is refused as a source; a container that is new to the list wants a line there.</summary>
    private static void AssertContainersAreKnown(LocalStack stack)
    {
        IEnumerable<string> all = new BlobServiceClient(stack.AzureConnectionString)
            .GetBlobContainers()
            .Select(container => container.Name);

        Assert.All(all.Except(["media", "archive"]), container => Assert.True(SourceRules.IsOwn(container), container));
    }

    private static bool IsArchive(JsonElement source) => source.GetProperty("name").GetString() == "archive";
}
