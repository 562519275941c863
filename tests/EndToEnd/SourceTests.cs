using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.S3;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Ingest;
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
        await PutAsync(account, "archive/news/", 0, 12);
        await PutAsync(account, "archive/other/", 0, 3);
        await PutAsync(account, "archive/news/", 100, 2, ".log");

        JsonElement preview = await FetchAsync(client, "sources/preview?store=azure&container=archive&prefix=news/&type=text");
        Assert.Equal((14, 12), (preview.GetProperty("seen").GetInt32(), preview.GetProperty("matched").GetInt32()));
        JsonElement added = await SendAsync(
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
        JsonElement synced = await StageAsync(client, "azure/archive", "completed");
        Assert.Equal(
            (14, 12, 2, 12),
            (Of(synced, "seen"), Of(synced, "matched"), Of(synced, "skipped"), Of(synced, "begun") + Of(synced, "known"))
        );
        await CountsAsync(client, "azure/archive", new SourceCounts(Expected: 12, Processed: 12));

        // One more, in the archive: the reconcile finds it, takes it up once it is restored, and the summary of the store counts it.
        BlobClient blob = new BlobServiceClient(stack.AzureConnectionString).GetBlobContainerClient("archive").GetBlobClient("news/12.txt");
        await PutAsync(account, "archive/news/", 12, 1);
        await blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancellation);
        await client.ReconcileAsync(Cancellation);
        await CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 12, Quarantined: 1));
        JsonElement archived = (await FetchAsync(client, "assets?failure=archived")).GetProperty("items")[0];
        Assert.Equal(
            ("news/12.txt", "Archive"),
            (archived.GetProperty("key").GetString(), archived.GetProperty("storageClass").GetString())
        );
        await blob.SetAccessTierAsync(AccessTier.Cool, cancellationToken: Cancellation);
        await client.ReconcileAsync(Cancellation);
        await CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 13));
        await Settled.NothingMissingAsync(client, 13, Limit, Cancellation);

        await SendAsync(client, HttpMethod.Post, "sources/azure/archive/pause", HttpStatusCode.OK);
        await PutAsync(account, "archive/news/", 13, 1);
        await account.DeleteAsync("archive/news/0.txt", Cancellation);
        await client.ReconcileAsync(Cancellation);
        await CountsAsync(client, "azure/archive", new SourceCounts(Expected: 12, Processed: 12, Deleted: 1));

        await SendAsync(client, HttpMethod.Post, "sources/azure/archive/resume", HttpStatusCode.OK);
        await StageAsync(client, "azure/archive", "completed");
        await CountsAsync(client, "azure/archive", new SourceCounts(Expected: 13, Processed: 13, Deleted: 1));

        await SendAsync(client, HttpMethod.Delete, "sources/azure/archive", HttpStatusCode.BadRequest);
        await SendAsync(client, HttpMethod.Delete, "sources/azure/archive?analyses=keep", HttpStatusCode.OK);
        Assert.DoesNotContain((await FetchAsync(client, "sources")).GetProperty("items").EnumerateArray(), IsArchive);
        Assert.Equal(13, await CountAnalysesAsync(account));
        Assert.Equal(16, await account.ListAsync("archive/", Cancellation).CountAsync(Cancellation) - 2);

        JsonElement acts = await FetchAsync(client, "audit");
        string[] logged = [.. acts.GetProperty("items").EnumerateArray().Select(act => act.GetProperty("act").GetString()!)];
        Assert.Superset(new HashSet<string> { "AddSource", "PauseSource", "ResumeSource", "RemoveSource" }, logged.ToHashSet());
        AssertContainersAreKnown(stack);
    }

    [Fact]
    public async Task ABucket_IsSyncedToItsEnd_AlthoughTheProcessIsKilled_AndErased()
    {
        await using LocalStack stack = await OwnStack.StartAsync("sources-killed");
        using PipelineClient client = new(stack);
        const string bucket = "news-archive";
        using AmazonS3Client s3 = new(new AmazonS3Config { ServiceURL = stack.S3Address.AbsoluteUri, ForcePathStyle = true });
        await s3.PutBucketAsync(bucket, Cancellation);
        IObjectStore media = client.S3.In(bucket);
        await PutAsync(media, "", 0, 60);
        List<AssetSource> objects =
        [
            .. (await media.ListAsync("", Cancellation).ToListAsync(Cancellation)).Select(one => AssetStores.SourceOf(media, one)),
        ];

        // Both cover all of it.
        foreach (string name in new[] { "first", "second" })
        {
            var source = new
            {
                name,
                store = "s3",
                container = bucket,
                ratePerSecond = 10,
            };
            await SendAsync(client, HttpMethod.Post, "sources", HttpStatusCode.Created, source);
        }
        await Eventually.HoldsAsync(
            async () => Of((await ShowAsync(client, "s3/first")).GetProperty("sync"), "begun") is >= 10 ? client : null,
            "a sync that has begun ten objects",
            Limit,
            Cancellation
        );
        stack.Functions.Kill();
        await stack.WaitUntilReadyAsync(Cancellation);
        JsonElement[] syncs = [await StageAsync(client, "s3/first", "completed"), await StageAsync(client, "s3/second", "completed")];

        Assert.All(syncs, sync => Assert.Equal((60, 60), (Of(sync, "seen"), Of(sync, "begun") + Of(sync, "known"))));
        await CountsAsync(client, "s3/first", new SourceCounts(Expected: 60, Processed: 60));
        await Settled.AnalysedOnceAsync(client, objects, Cancellation);

        await SendAsync(client, HttpMethod.Delete, "sources/s3/first?analyses=erase", HttpStatusCode.OK);
        await SendAsync(client, HttpMethod.Delete, "sources/s3/second?analyses=erase", HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () => await CountAnalysesAsync(client.S3) == 0 ? client : null,
            "no analysis that is left",
            Limit,
            Cancellation
        );
        Assert.Equal(60, await media.ListAsync("", Cancellation).CountAsync(Cancellation));
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

    private static async Task PutAsync(IObjectStore store, string prefix, int from, int count, string extension = ".txt")
    {
        for (int i = from; i < from + count; i++)
        {
            using MemoryStream body = new(
                Encoding.UTF8.GetBytes($"Report {i} of {prefix}: the ferry to Quillhaven was late by {i} hours.")
            );
            await store.WriteAsync($"{prefix}{i}{extension}", body, WriteCondition.Always, "text/plain", Cancellation);
        }
    }

    private static async Task<int> CountAnalysesAsync(IObjectStore store) =>
        await store.ListAsync("analyses/", Cancellation).CountAsync(one => one.Path.EndsWith("/analysis.json"), Cancellation);

    private static int? Of(JsonElement sync, string count) =>
        sync.GetProperty("counts").TryGetProperty(count, out JsonElement found) ? found.GetInt32() : null;

    private static Task<JsonElement> ShowAsync(PipelineClient client, string source) => FetchAsync(client, $"sources/{source}");

    private static async Task<JsonElement> StageAsync(PipelineClient client, string source, string stage)
    {
        JsonElement[] found = await Eventually.HoldsAsync(
            async () =>
            {
                JsonElement sync = (await ShowAsync(client, source)).GetProperty("sync");
                return sync.GetProperty("stage").GetString() == stage ? new[] { sync } : null;
            },
            $"a sync of {source} that is {stage}",
            Limit,
            Cancellation
        );
        return found[0];
    }

    private static Task<object> CountsAsync(PipelineClient client, string source, SourceCounts expected) =>
        Eventually.HoldsAsync<object>(
            async () =>
                StoredJson.Read<SourceCounts>(new BinaryData((await ShowAsync(client, source)).GetProperty("counts").GetRawText()))
                == expected
                    ? client
                    : null,
            $"counts of {source} that are {expected}",
            Limit,
            Cancellation
        );

    private static async Task<JsonElement> FetchAsync(PipelineClient client, string path)
    {
        using HttpResponseMessage response = await client.Http.GetAsync(path, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path} answered {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> SendAsync(
        PipelineClient client,
        HttpMethod method,
        string path,
        HttpStatusCode expected,
        object? body = null
    )
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Requested-By", "Ana");
        using HttpResponseMessage response = await client.Http.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == expected, $"{method} {path} answered {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
