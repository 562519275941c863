using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Operations;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Media;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Operations;

public sealed class JobsFunctionTests(SharedServers servers)
{
    // As the store has it, by whose clock reports are forgotten.
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_AreThoseThatRunsWaitFor_AndThoseOfTheBucket()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        RunIndexOptions options = new();
        using RunRecorder recorder = new(store, options, _time, NullLogger<RunRecorder>.Instance);
        using RunIndex index = new([store], options, _time, NullLogger<RunIndex>.Instance);
        await recorder.StartAsync(Token);
        await recorder.RecordAsync(
            Entry("waiting", RunKind.Orchestration, parent: null, minute: 0) with
            {
                Stage = "waitingForWorker",
            },
            Token
        );
        await recorder.RecordAsync(
            Entry("held", RunKind.Orchestration, parent: null, minute: 1) with
            {
                Stage = "waitingForWorker",
                Status = RunStatus.Suspended, // whose job a worker takes all the same
            },
            Token
        );
        await recorder.RecordAsync(Entry("busy", RunKind.Orchestration, parent: null, minute: 0) with { Stage = "admitting" }, Token);
        await recorder.RecordAsync(Entry("job:waiting", RunKind.Job, parent: "waiting", minute: 1), Token);
        await recorder.RecordAsync(Entry("job:a-1", RunKind.Job, parent: null, minute: 2), Token);
        await recorder.RecordAsync(Entry("job:b-1", RunKind.Job, parent: null, minute: 3), Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        JobInHand inHand = new("message-1", JobLane.Long, _time.GetUtcNow(), JobId: "a-1", Attempt: 2);
        await new MemberReports(store, _time).WriteAsync(
            "w",
            TimeSpan.FromSeconds(20),
            [new("worker-1", _time.GetUtcNow(), Jobs: [inHand])],
            Token
        );
        S3WorkQueue bucket = new(store, AssetLayout.BucketJobsQueue, _time);
        AssetSource source = new("s3", "bucket", "media/film.mp4", "v1");
        AnalysisRequest request = new(source, MediaKind.Video, "video/mp4", 1, Attempt: 1, _time.GetUtcNow());
        GpuJobMessage message = new("c-1", request, InstanceId: null, _time.GetUtcNow());
        await bucket.SendAsync("c-1", AssetsJson.Write(message), Token);
        await bucket.SendAsync("b-1", AssetsJson.Write(message), Token); // whose worker has ended
        OpenJobs open = new(index, new AssetStores([store]), new HealthOptions(), _time, bucket);
        JobsFunction function = new(null!, open, null!);

        (int status, JsonElement body) = await ModelsApi.AnswerAsync(function.ListAsync(ModelsApi.Request(""), Token));
        (_, JsonElement queued) = await ModelsApi.AnswerAsync(function.ListAsync(ModelsApi.Request("?state=queued"), Token));
        await recorder.StopAsync(Token);

        Assert.Equal(200, status);
        Assert.Equal(
            ["waiting True queued ", "held True queued ", "a-1 False inHand worker-1", "b-1 False silent ", "c-1 False queued "],
            body.GetProperty("items").EnumerateArray().Select(Line)
        );
        Assert.Equal((5, 2), (body.GetProperty("total").GetInt32(), body.GetProperty("awaited").GetInt32()));
        Assert.Equal(
            ["waiting True queued ", "held True queued ", "c-1 False queued "],
            queued.GetProperty("items").EnumerateArray().Select(Line)
        );
        Assert.Equal("s3:bucket/media/film.mp4", body.GetProperty("items")[4].GetProperty("asset").GetString());
    }

    [Fact]
    public async Task QueueOfTheBucket_ThatCannotBeRead_IsNamedWithItsReason()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        using RunIndex index = new([store], new RunIndexOptions(), _time, NullLogger<RunIndex>.Instance);
        using S3ObjectStore gone = new((await (await servers.S3).CreateBucketAsync()).Of($"gone-{Guid.NewGuid():N}"), _time);
        S3WorkQueue bucket = new(gone, AssetLayout.BucketJobsQueue, _time);
        JobsFunction function = new(null!, new OpenJobs(index, new AssetStores([store]), new HealthOptions(), _time, bucket), null!);

        (int status, JsonElement body) = await ModelsApi.AnswerAsync(function.ListAsync(ModelsApi.Request(""), Token));

        Assert.Equal(200, status);
        string incomplete = body.GetProperty("incomplete").GetString()!;
        Assert.Contains("Store s3 could not be read (", incomplete);
        Assert.Contains("jobs that wait there for a worker are missing", incomplete);
    }

    private static string Line(JsonElement job) =>
        $"{job.GetProperty("id")} {job.GetProperty("isAwaited")} {job.GetProperty("state")} "
        + (job.TryGetProperty("worker", out JsonElement worker) ? worker.ToString() : "");

    private RunEntry Entry(string id, RunKind kind, string? parent, int minute) =>
        new()
        {
            Id = id,
            Kind = kind,
            Name = "AnalyseVideo",
            Status = RunStatus.Running,
            Parent = parent,
            Created = _time.GetUtcNow().AddMinutes(minute - 30),
            Updated = _time.GetUtcNow().AddMinutes(minute - 30),
        };
}
