using System.Net;
using System.Text.Json;
using Amazon.S3;
using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A bucket that becomes a source, while the host that reads it is killed.</summary>
public sealed class SourceKillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ABucket_IsSyncedToItsEnd_AlthoughTheProcessIsKilled_AndErased()
    {
        await using LocalStack stack = await OwnStack.StartAsync("sources-killed");
        using PipelineClient client = new(stack);
        const string bucket = "news-archive";
        using AmazonS3Client s3 = new(new AmazonS3Config { ServiceURL = stack.S3Address.AbsoluteUri, ForcePathStyle = true });
        await s3.PutBucketAsync(bucket, Cancellation);
        IObjectStore media = client.S3.In(bucket);
        await Sources.PutAsync(media, "", 0, 60);
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
            await Sources.SendAsync(client, HttpMethod.Post, "sources", HttpStatusCode.Created, source);
        }
        await Eventually.HoldsAsync(
            async () => Sources.Of((await Sources.ShowAsync(client, "s3/first")).GetProperty("sync"), "begun") is >= 10 ? client : null,
            "a sync that has begun ten objects",
            Limit,
            Cancellation
        );
        stack.Functions.Kill();
        await stack.WaitUntilReadyAsync(Cancellation);
        JsonElement[] syncs =
        [
            await Sources.StageAsync(client, "s3/first", "completed"),
            await Sources.StageAsync(client, "s3/second", "completed"),
        ];

        Assert.All(syncs, sync =>
            Assert.Equal((60, 60), (Sources.Of(sync, "seen"), Sources.Of(sync, "begun") + Sources.Of(sync, "known")))
        );
        await Sources.CountsAsync(client, "s3/first", new SourceCounts(Expected: 60, Processed: 60));
        await Settled.AnalysedOnceAsync(client, objects, Cancellation);

        await Sources.SendAsync(client, HttpMethod.Delete, "sources/s3/first?analyses=erase", HttpStatusCode.OK);
        await Sources.SendAsync(client, HttpMethod.Delete, "sources/s3/second?analyses=erase", HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () => await Sources.CountAnalysesAsync(client.S3) == 0 ? client : null,
            "no analysis that is left",
            Limit,
            Cancellation
        );
        Assert.Equal(60, await media.ListAsync("", Cancellation).CountAsync(Cancellation));
    }
}
