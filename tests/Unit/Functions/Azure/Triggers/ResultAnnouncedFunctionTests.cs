using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Triggers;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

public sealed class ResultAnnouncedFunctionTests(SharedServers servers)
{
    private static readonly WebhookSignature Signature = new(Convert.ToBase64String(new byte[32]), TimeProvider.System);

    /// <summary>No film is stale in these tests, so that nothing is started.</summary>
    private static readonly DurableTaskClient NoRuns = new Mock<DurableTaskClient>(MockBehavior.Strict, "none").Object;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithAGenuineEvent_MakesTheResultSearchable_HoweverOftenItIsPosted()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour of Port Alder was closed.");
        AssetState state = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;
        byte[] body = BodyOf(new AssetSettled(source, state));
        await new WebhookStore(rig.Bucket).AddAsync(
            new WebhookSubscription("a", new Uri("https://example.org"), ["asset.*"], "", "ada", DateTimeOffset.UnixEpoch),
            Token
        );

        for (int i = 0; i < 3; i++)
        {
            await FunctionOf(rig).RunAsync(RequestOf(body, Signature), NoRuns, Token);
        }

        Assert.True(rig.Get<AssetIndex>().Knows(source.AssetId, source.VersionId));
        Assert.Equal(1, rig.Get<AssetIndex>().Counts[^1].Assets);
        WorkItem told = Assert.Single(await rig.Get<IWorkQueue>().ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Equal("asset.processed", StoredJson.Read<WebhookEvent>(told.Body).Type);
    }

    [Fact]
    public async Task Run_WithTheEventOfADeletion_MakesTheAssetUnsearchable()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour of Port Alder was closed.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);

        await FunctionOf(rig).RunAsync(RequestOf(BodyOf(new AssetSettled(source, AssetState.Gone)), Signature), NoRuns, Token);

        Assert.False(rig.Get<AssetIndex>().Holds(source.AssetId));
    }

    [Fact]
    public async Task Run_WithAnotherKeysSignature_IsUnauthorized()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        WebhookSignature other = new(Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray()), TimeProvider.System);
        byte[] body = BodyOf(new AssetSettled(new AssetSource("s3", "b", "media/a", "1"), AssetState.Processed));

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            FunctionOf(rig).RunAsync(RequestOf(body, other), NoRuns, Token)
        );

        Assert.Equal(401, problem.Status);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/x","type":"another","data":{"source":{"store":"s3","container":"b","key":"k","version":"1"},"state":"processed"}}"""
    )]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"serverless.asset.settled.v1","data":null}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"serverless.asset.settled.v1","data":{"source":null}}""")]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/x","type":"serverless.asset.settled.v1","data":{"source":{"store":"moon","container":"b","key":"k","version":"1"},"state":"processed"}}"""
    )]
    public async Task Run_WithSomethingElseThanAResult_IsABadRequest(string body)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(body);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            FunctionOf(rig).RunAsync(RequestOf(bytes, Signature), NoRuns, Token)
        );

        Assert.Equal(400, problem.Status);
    }

    private static ResultAnnouncedFunction FunctionOf(AssetRig rig) =>
        new(
            Signature,
            rig.Get<AssetStores>(),
            rig.Get<AssetIndex>(),
            rig.Get<AssetErasure>(),
            rig.Get<Ledger>(),
            rig.Get<SidecarRevision>(),
            new AssetNews(
                new WebhookPublisher(rig.Get<IWorkQueue>(), TimeProvider.System),
                new WebhookStore(rig.Bucket),
                TimeProvider.System
            ),
            NullLogger<ResultAnnouncedFunction>.Instance
        );

    private static byte[] BodyOf(AssetSettled settled) => AssetsJson.Write(settled.ToCloudEvent(DateTimeOffset.UtcNow)).ToArray();

    private static HttpRequest RequestOf(byte[] body, WebhookSignature signature)
    {
        DefaultHttpContext context = new() { Request = { Body = new MemoryStream(body) } };
        foreach ((string name, string value) in signature.Sign("event-1", body))
        {
            context.Request.Headers[name] = value;
        }
        return context.Request;
    }
}
