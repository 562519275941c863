using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.GpuBatch;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Runs;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Telemetry;

/// <summary>One trace from the activity through the queue into the worker.</summary>
public sealed class TraceTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_OfATracedActivity_IsWorkedOnInTheSameTrace()
    {
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ConcurrentQueue<Activity> seen = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("Serverless.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace)
                {
                    seen.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("long.txt", "Anna Berg visited Oslo.");
        AzureWorkQueue queue = new(
            new AzureStorageOptions { ConnectionString = (await servers.Azurite).ConnectionString },
            $"jobs-{trace}"[..30]
        );
        AnalysisRequest request = new(source, MediaKind.Text, "text/plain", 23, 1, DateTimeOffset.UnixEpoch);
        using ActivitySource tests = new("Serverless.Tests");

        ActivitySpanId sender;
        using (
            Activity activity = tests.StartActivity(
                "function EnqueueGpuJob",
                ActivityKind.Internal,
                new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)
            )!
        )
        {
            sender = activity.SpanId;
            GpuJobMessage asked = new("job", request, InstanceId: null, DateTimeOffset.UnixEpoch);
            GpuJobMessage sent = await new EnqueueGpuJob(queue).RunAsync(asked, Token);
            Assert.Equal(asked with { TraceParent = activity.Id }, sent); // which the history of the run keeps
        }
        WorkItem job = Assert.Single(await queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token));
        await RunnerOf(rig).RunAsync(queue, job, Token);

        Assert.Equal(sender, Assert.Single(seen, activity => activity.OperationName == "gpu-batch job").ParentSpanId);
    }

    private static JobRunner RunnerOf(AssetRig rig) =>
        new(
            rig.Get<VideoAnalyzer>(),
            rig.Get<AssetAnalysis>(),
            rig.Get<AnalysisModels>(),
            new JobAnswers(rig.Get<AssetSettlement>(), rig.Get<ResultAnnouncer>(), completions: null),
            UnreadWork.In(rig.Bucket),
            new Serverless.GpuBatch.WorkerOptions { Lease = TimeSpan.FromMinutes(1) },
            new GpuBatchMeter(rig.Get<IMeterFactory>(), TimeProvider.System),
            TimeProvider.System,
            NullLogger<JobRunner>.Instance
        );
}
