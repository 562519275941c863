using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Functions.Aws;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Ingest.Sources;
using Serverless.Unit.Runs;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Aws;

public sealed class ObjectChangedHandlerTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handle_SeveralObjectsInSeveralMessages_IngestsAll()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource first = await rig.Bucket.UploadAsync("news/a b+c 100%.txt", "The harbour was closed.");
        AssetSource second = await rig.Bucket.UploadAsync("ä🎬.txt", "The harbour was opened.");
        AssetSource third = await rig.Bucket.UploadAsync("c.txt", "The harbour was sold.");

        SQSBatchResponse response = await HandleAsync(
            rig,
            MessageOf("1", RecordOf(first), RecordOf(second)),
            MessageOf("2", RecordOf(third))
        );

        Assert.Empty(response.BatchItemFailures);
        Assert.Equal(new IngestSummary("s3", Expected: 3, Processed: 3), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Handle_EachObject_IsWorkThatTheIndexOfRunsKnowsByItsAsset()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using RunRecorder recorder = new(rig.Bucket, new RunIndexOptions(), TimeProvider.System, NullLogger<RunRecorder>.Instance);
        await recorder.StartAsync(Token);
        AssetSource good = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        AssetSource bad = await rig.Bucket.UploadAsync("empty.html", "<html></html>");

        await HandleAsync(
            rig,
            new WorkRecorder(recorder, TimeProvider.System),
            TimeSpan.FromMinutes(1),
            MessageOf("1", RecordOf(good), RecordOf(bad))
        );

        using RunIndex index = new([rig.Bucket], new RunIndexOptions(), TimeProvider.System, NullLogger<RunIndex>.Instance);
        RunEntry processed = (await index.FindAsync($"lambda:{good.InstanceId()}", Token))!;
        RunEntry quarantined = (await index.FindAsync($"lambda:{bad.InstanceId()}", Token))!;
        Assert.Equal((RunKind.Lambda, RunStatus.Completed, "processed"), (processed.Kind, processed.Status, processed.Outcome));
        Assert.Equal([$"asset:s3:{good.Container}/{good.Key}"], processed.Tags);
        Assert.Equal((RunStatus.Completed, "quarantined"), (quarantined.Status, quarantined.Outcome));
        Assert.True(processed.Spent!.ProcessorSeconds > 0);
        Assert.Null(quarantined.Spent);
        await recorder.StopAsync(Token);
    }

    [Fact]
    public async Task Handle_AMessageThatFails_IsTheOnlyOneDeliveredAgain()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");

        SQSBatchResponse response = await HandleAsync(
            rig,
            MessageOf("good", RecordOf(source)),
            new SQSEvent.SQSMessage
            {
                MessageId = "bad",
                Body = "no json",
                Attributes = Received(1),
            }
        );

        Assert.Equal(["bad"], response.BatchItemFailures.Select(failure => failure.ItemIdentifier));
    }

    [Theory, InlineData("ObjectCreated:Put"), InlineData("ObjectRemoved:Delete")]
    public async Task Handle_ARecordOfAnotherBucket_FailsItsMessage_AndHoldsUpNoOther(string eventName)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource beside = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        AssetSource other = await rig.Bucket.UploadAsync("b.txt", "The harbour was opened.");
        string foreign = RecordOf(beside with { Container = "foreign" }, eventName);

        SQSBatchResponse response = await HandleAsync(
            rig,
            MessageOf("mixed", foreign, RecordOf(beside)),
            MessageOf("good", RecordOf(other))
        );

        Assert.Equal(["mixed"], response.BatchItemFailures.Select(failure => failure.ItemIdentifier));
        Assert.Equal(new IngestSummary("s3", Expected: 2, Processed: 2), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Handle_AMessageThreeTimesInOneBatch_IngestsItOnce()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        SQSEvent.SQSMessage message = MessageOf("1", RecordOf(await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.")));

        SQSBatchResponse response = await HandleAsync(rig, message, message, message);

        Assert.Empty(response.BatchItemFailures);
        Assert.Equal(new IngestSummary("s3", Expected: 1, Processed: 1), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Handle_ARemovalAfterItsUpload_ForgetsTheObject()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("news/a b+c 100%.txt", "The harbour was closed.");
        await HandleAsync(rig, MessageOf("1", RecordOf(source)));
        await HandleAsync(rig, MessageOf("2", RecordOf(source, "ObjectRemoved:Delete"))); // of an older version: the object is there
        Assert.NotEmpty(await rig.Bucket.ListAsync("analyses/", Token).ToListAsync(Token));
        await rig.Bucket.DeleteAsync(source.Key, Token);

        SQSBatchResponse response = await HandleAsync(rig, MessageOf("3", RecordOf(source, "ObjectRemoved:DeleteMarkerCreated")));

        Assert.Empty(response.BatchItemFailures);
        Assert.Empty(await rig.Bucket.ListAsync("analyses/", Token).ToListAsync(Token));
        LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!;
        Assert.Equal(AssetState.Gone, asset.Newest!.State);
    }

    [Theory]
    [InlineData("ObjectRestore:Post", "media/a.txt")]
    [InlineData("ObjectRemoved:Delete", "analyses/a/b/analysis.json")]
    [InlineData("ObjectCreated:Put", "analyses/a/b/analysis.json")]
    public async Task Handle_WhatIsNoUpload_IsPassedOver(string eventName, string key)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);

        SQSBatchResponse response = await HandleAsync(
            rig,
            MessageOf("1", RecordOf(new AssetSource("s3", rig.Bucket.Locate("x").Container, key, "etag"), eventName))
        );

        Assert.Empty(response.BatchItemFailures);
        Assert.Empty(await rig.Bucket.ListAsync("ledger/", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Handle_TheTestEventOfANewSubscription_IsPassedOver()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        SQSEvent.SQSMessage message = new()
        {
            MessageId = "1",
            Body = """{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"bucket"}""",
            Attributes = Received(1),
        };

        Assert.Empty((await HandleAsync(rig, message)).BatchItemFailures);
    }

    [Fact]
    public async Task Handle_AMessageWithoutRecords_IsAFailure()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);

        SQSBatchResponse response = await HandleAsync(
            rig,
            MessageOf("1"),
            new SQSEvent.SQSMessage
            {
                MessageId = "2",
                Body = "{}",
                Attributes = Received(1),
            }
        );

        Assert.Equal(["1", "2"], response.BatchItemFailures.Select(failure => failure.ItemIdentifier).Order());
    }

    [Fact]
    public async Task Handle_ObjectsOfABucketThatIsASource_IngestsWhatItCovers_AndNothingWhileItIsPaused()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        string bucket = await SourceRig.CreateBucketAsync(servers);
        IObjectStore media = rig.Bucket.In(bucket);
        await media.PutAsync(Token, "news/1.txt", "news/2.txt", "other.txt");
        AssetSource[] found = [.. (await media.ListAsync("", Token).ToListAsync(Token)).Select(one => AssetStores.SourceOf(media, one))];
        SourceBook book = rig.Get<SourceBook>();
        await book.AddAsync(SourceRig.Source(bucket, prefixes: ["news/"]), Token);

        SQSBatchResponse response = await HandleAsync(rig, MessageOf("1", RecordOf(found[0]), RecordOf(found[2])));
        await book.ChangeAsync("s3", "archive", "ben", source => source with { State = SourceState.Paused }, Token);
        await using AssetRig later = await AssetRig.OpenOverAsync(servers, rig.Bucket); // a process that reads the sources anew
        await media.DeleteAsync("news/1.txt", Token);
        await HandleAsync(later, MessageOf("2", RecordOf(found[1]), RecordOf(found[0], "ObjectRemoved:Delete")));

        Assert.Empty(response.BatchItemFailures);
        Assert.Null(await rig.Get<Ledger>().ReadAsync("s3", found[1].AssetId, Token));
        Assert.Null(await rig.Get<Ledger>().ReadAsync("s3", found[2].AssetId, Token));
        Assert.Equal(AssetState.Gone, (await rig.Get<Ledger>().ReadAsync("s3", found[0].AssetId, Token))!.Newest!.State);
    }

    [Fact]
    public async Task Handle_WithNoTimeLeft_HandsEverythingBack()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");

        SQSBatchResponse response = await HandleAsync(
            rig,
            UnreadWork.In(rig.Bucket),
            TimeSpan.FromSeconds(1),
            MessageOf("1", RecordOf(source))
        );

        Assert.Equal(["1"], response.BatchItemFailures.Select(failure => failure.ItemIdentifier));
    }

    private static Task<SQSBatchResponse> HandleAsync(AssetRig rig, params SQSEvent.SQSMessage[] messages) =>
        HandleAsync(rig, UnreadWork.In(rig.Bucket), TimeSpan.FromMinutes(1), messages);

    private static Task<SQSBatchResponse> HandleAsync(
        AssetRig rig,
        WorkRecorder work,
        TimeSpan remaining,
        params SQSEvent.SQSMessage[] messages
    )
    {
        Mock<ILambdaContext> context = new();
        context.Setup(lambda => lambda.RemainingTime).Returns(remaining);
        ObjectChangedHandler handler = new(
            rig.Get<DirectIngest>(),
            rig.Get<AssetStores>(),
            rig.Get<SourceBook>(),
            work,
            new DefaultLambdaJsonSerializer(),
            NullLogger<ObjectChangedHandler>.Instance
        );
        return handler.HandleAsync(new SQSEvent { Records = [.. messages] }, context.Object);
    }

    private static SQSEvent.SQSMessage MessageOf(string id, params string[] records) =>
        new()
        {
            MessageId = id,
            Body = $$"""{"Records":[{{string.Join(',', records)}}]}""",
            Attributes = Received(1),
        };

    private static Dictionary<string, string> Received(int times) =>
        new() { ["ApproximateReceiveCount"] = times.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    /// <summary>As S3 writes it: the key form-encoded, the ETag without quotes.</summary>
    private static string RecordOf(AssetSource source, string eventName = "ObjectCreated:Put")
    {
        string key = Uri.EscapeDataString(source.Key).Replace("%20", "+", StringComparison.Ordinal);
        return $$"""
            {"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-01-01T00:00:00.000Z","eventName":"{{eventName}}",
             "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"{{source.Container}}","arn":"arn:aws:s3:::{{source.Container}}"},
                   "object":{"key":"{{key}}","size":5,"eTag":"{{source.Version}}","sequencer":"0055AED6DCD90281E5"} } }
            """;
    }
}
